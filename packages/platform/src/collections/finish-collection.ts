import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import type { CollectedItem } from './collection-view.js';
import { moveCollection } from './move-collection.js';

/** The last write. Its window is over, or it had none. */
export async function finishCollection(
  platform: Platform,
  result: { collectionId: string; lease: Lease; items: CollectedItem[]; freedBytes: number },
): Promise<void> {
  const { collectionId: id, lease, items, freedBytes } = result;
  await transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const plan = items as unknown as object[];
    await moveCollection(tx, after, {
      id,
      to: 'succeeded',
      plan,
      freedBytes: BigInt(Math.max(0, Math.round(freedBytes))),
    });
  });
}
