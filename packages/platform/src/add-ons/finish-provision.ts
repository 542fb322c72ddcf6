import { volumePlanName } from '@berth/domain/add-on-plans';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import { moveAddOn } from './move-add-on.js';

/**
 * The last write of an add-on's making: it is there, or `errorMessage` (public) says why not. Waiting releases go on. `sizeBytes` of a
 * volume: a copy of one that grew after it was asked for is larger than was thought, and has that plan.
 */
export function finishProvision(
  platform: Platform,
  input: { addOnId: string; lease: Lease; errorMessage?: string; sizeBytes?: number | undefined },
): Promise<void> {
  const { addOnId, lease, errorMessage, sizeBytes } = input;
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const to = errorMessage === undefined ? 'provisioned' : 'failed';
    const moved = await moveAddOn(tx, after, { addOnId, to, ...(errorMessage === undefined ? {} : { errorMessage }) });
    if (!moved || sizeBytes === undefined) return;
    await tx.addOn.update({ where: { id: addOnId }, data: { plan: volumePlanName(sizeBytes) } });
  });
}
