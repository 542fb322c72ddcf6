import { assertLease, type Lease } from '@berth/jobs/lease';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';

/** The older role is gone: the rotation is over. */
export function forgetCredential(
  platform: Platform,
  { addOnId, user, lease }: { addOnId: string; user: string; lease: Lease },
): Promise<void> {
  return transaction(platform, async (tx) => {
    await assertLease(tx, lease);
    const { count } = await tx.addOnCredential.deleteMany({ where: { addOnId, user, status: 'retiring' } });
    if (count === 0) return;
    const { teamId } = await tx.addOn.findUniqueOrThrow({ where: { id: addOnId } });
    await addEvent(tx, { name: 'add-on.rotated', noun: 'add-on', nounId: addOnId, teamId, data: {} });
  });
}
