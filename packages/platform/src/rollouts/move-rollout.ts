import type { Tx } from '@berth/db/client';
import { type RolloutStatus, rolloutStatus } from '@berth/domain/status';
import { addEvent } from '../events/add-event.js';
import type { AfterCommit } from '../platform.js';
import { endOpenSteps } from '../steps/end-open-steps.js';

export interface RolloutMove {
  rolloutId: string;
  to: RolloutStatus;
  error?: { code: string; message: string };
}

/** The only code that changes a rollout's status. Undefined: somebody else moved it first. */
export async function moveRollout(tx: Tx, after: AfterCommit, { rolloutId, to, error }: RolloutMove) {
  const isOver = rolloutStatus.isTerminal(to);
  const [rollout] = await tx.rollout.updateManyAndReturn({
    where: { id: rolloutId, status: { in: rolloutStatus.mayMoveTo(to) } },
    data: {
      status: to,
      ...(to === 'running' ? { startedAt: new Date() } : {}),
      ...(isOver ? { endedAt: new Date() } : {}),
      ...(error ? { errorCode: error.code, errorMessage: error.message } : {}),
    },
  });
  if (!rollout) return undefined;
  if (isOver && to !== 'succeeded') await endOpenSteps(tx, { rolloutId }, error?.message ?? `The rollout was ${to}.`);
  await addEvent(tx, { name: `rollout.${to}`, noun: 'rollout', nounId: rolloutId, appId: rollout.appId });
  after.wake.push(`rollout:${rolloutId}`, `app:${rollout.appId}`, 'instances');
  return rollout;
}
