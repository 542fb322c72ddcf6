import type { Tx } from '@berth/db/client';
import { type AddOnStatus, addOnStatus } from '@berth/domain/status';
import { addEvent } from '../events/add-event.js';
import type { AfterCommit } from '../platform.js';

/** The only code that changes an add-on's status. Undefined: somebody else moved it first. */
export async function moveAddOn(
  tx: Tx,
  after: AfterCommit,
  move: { addOnId: string; to: AddOnStatus; errorMessage?: string; userId?: string | undefined },
) {
  const { addOnId, to, errorMessage = null, userId } = move;
  const [addOn] = await tx.addOn.updateManyAndReturn({
    where: { id: addOnId, status: { in: addOnStatus.mayMoveTo(to) } },
    data: { status: to, errorMessage },
  });
  if (!addOn) return undefined;
  const { teamId, appId, name } = addOn;
  await addEvent(tx, {
    ...{ name: `add-on.${to}`, noun: 'add-on', nounId: addOnId, teamId, userId, data: { name } },
    ...(appId ? { appId } : {}),
  });
  if (appId) after.wake.push(`app:${appId}`);
  return addOn;
}
