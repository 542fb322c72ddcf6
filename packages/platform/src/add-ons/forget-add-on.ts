import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';

/** Data and roles are gone: so is the row. */
export function forgetAddOn(platform: Platform, { addOnId, lease }: { addOnId: string; lease: Lease }): Promise<void> {
  return transaction(platform, async (tx) => {
    await assertLease(tx, lease);
    await tx.addOn.deleteMany({ where: { id: addOnId, status: 'deprovisioning' } });
  });
}
