import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import { moveAddOn } from './move-add-on.js';

/** The last write of an add-on's making: it is there, or `errorMessage` (public) says why not. Waiting releases go on. */
export function finishProvision(
  platform: Platform,
  { addOnId, lease, errorMessage }: { addOnId: string; lease: Lease; errorMessage?: string },
): Promise<void> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const to = errorMessage === undefined ? 'provisioned' : 'failed';
    await moveAddOn(tx, after, { addOnId, to, ...(errorMessage === undefined ? {} : { errorMessage }) });
  });
}
