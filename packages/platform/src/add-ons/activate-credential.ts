import { assertLease, type Lease } from '@berth/jobs/lease';
import { askSpread } from '../config-vars/ask-spread.js';
import { type Platform, transaction } from '../platform.js';

/** The new role may sign in: from here on config vars have it, and every app that had the older one gets a release. */
export function activateCredential(
  platform: Platform,
  { addOnId, userId, lease }: { addOnId: string; userId: string; lease: Lease },
): Promise<void> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const addOn = await tx.addOn.findFirst({ where: { id: addOnId, credentials: { some: { status: 'pending' } } } });
    if (!addOn) return;
    await tx.addOnCredential.updateMany({ where: { addOnId, status: 'active' }, data: { status: 'retiring' } });
    await tx.addOnCredential.updateMany({ where: { addOnId, status: 'pending' }, data: { status: 'active' } });
    const { teamId, name } = addOn;
    await askSpread(tx, after, { teamId, environmentId: null, userId, description: `Rotate credentials of ${name}` });
  });
}
