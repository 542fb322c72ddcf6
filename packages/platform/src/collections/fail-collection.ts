import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import { moveCollection } from './move-collection.js';

/** What it removed so far stays removed; the next one goes on. */
export async function failCollection(
  platform: Platform,
  { collectionId: id, lease, message }: { collectionId: string; lease: Lease; message: string },
): Promise<void> {
  await transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    await moveCollection(tx, after, { id, to: 'failed', errorMessage: message });
  });
}
