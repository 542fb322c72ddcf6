import type { Tx } from '@berth/db/client';
import { type BuildStatus, buildStatus } from '@berth/domain/status';
import { addEvent } from '../events/add-event.js';
import type { AfterCommit } from '../platform.js';
import { endOpenSteps } from '../steps/end-open-steps.js';

export interface BuildMove {
  buildId: string;
  to: BuildStatus;
  error?: { code: string; message: string };
  imageId?: string;
  buildpack?: string | null;
  /** Who asked, when a person did. */
  userId?: string;
}

/** The only code that changes a build's status. Undefined: somebody else moved it first. */
export async function moveBuild(tx: Tx, after: AfterCommit, move: BuildMove) {
  const { buildId, to, error, imageId, buildpack, userId } = move;
  const isOver = buildStatus.isTerminal(to);
  const [build] = await tx.build.updateManyAndReturn({
    where: { id: buildId, status: { in: buildStatus.mayMoveTo(to) } },
    data: {
      status: to,
      ...(to === 'running' ? { startedAt: new Date() } : {}),
      ...(isOver ? { endedAt: new Date() } : {}),
      ...(error ? { errorCode: error.code, errorMessage: error.message } : {}),
      ...(imageId ? { imageId } : {}),
      ...(buildpack ? { buildpack } : {}),
    },
  });
  if (!build) return undefined;
  if (isOver && to !== 'succeeded') await endOpenSteps(tx, { buildId }, error?.message ?? `The build was ${to}.`);
  await addEvent(tx, { name: `build.${to}`, noun: 'build', nounId: buildId, appId: build.appId, userId });
  after.wake.push(`build:${buildId}`, `app:${build.appId}`);
  return build;
}
