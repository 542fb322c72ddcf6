import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import { moveService } from './move-service.js';

/** A service whose source cannot be made; `message` is public. */
export async function failService(
  platform: Platform,
  { appId, wish, lease, message }: { appId: string; wish: number; lease: Lease; message: string },
): Promise<void> {
  await transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    await moveService(tx, after, { appId, wish, to: 'failed', errorMessage: message });
  });
}
