import type { Tx } from '@berth/db/client';
import { type ReleaseStatus, releaseStatus } from '@berth/domain/status';
import { addEvent } from '../events/add-event.js';
import type { AfterCommit } from '../platform.js';
import { settlePromotion } from '../promotion-moves/settle-promotion.js';
import { endOpenSteps } from '../steps/end-open-steps.js';

export interface ReleaseMove {
  releaseId: string;
  to: ReleaseStatus;
  error?: { code: string; message: string };
}

/** The only code that changes a release's status. Undefined: somebody else moved it first. */
export async function moveRelease(tx: Tx, after: AfterCommit, { releaseId, to, error }: ReleaseMove) {
  const isOver = releaseStatus.isTerminal(to);
  const [release] = await tx.release.updateManyAndReturn({
    where: { id: releaseId, status: { in: releaseStatus.mayMoveTo(to) } },
    data: {
      status: to,
      ...(to === 'running' ? { startedAt: new Date() } : {}),
      ...(isOver ? { endedAt: new Date() } : {}),
      ...(error ? { errorCode: error.code, errorMessage: error.message } : {}),
    },
  });
  if (!release) return undefined;
  if (isOver && to !== 'succeeded') await endOpenSteps(tx, { releaseId }, error?.message ?? `The release was ${to}.`);
  if (isOver) await settlePromotion(tx, after, release);
  const { appId, version, pushId } = release;
  await addEvent(tx, { name: `release.${to}`, noun: 'release', nounId: releaseId, appId, data: { version } });
  after.wake.push(`release:${releaseId}`, `app:${appId}`);
  if (pushId) after.wake.push(`push:${pushId}`);
  return release;
}
