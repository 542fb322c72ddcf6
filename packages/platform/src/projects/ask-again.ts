import type { Tx } from '@berth/db/client';
import { addEvent } from '../events/add-event.js';
import type { AfterCommit } from '../platform.js';

/**
 * A service is asked for something else, wherever it was: it begins anew, and moves that are about what it was asked before
 * are nobody's. Returns the number of the wish; undefined: the app is no service of a project environment.
 */
export async function askAgain(
  tx: Tx,
  after: AfterCommit,
  wish: { appId: string; userId: string; branch: string; commit: string; isAhead: boolean },
): Promise<number | undefined> {
  const { appId, userId } = wish;
  const [asked] = await tx.projectService.updateManyAndReturn({
    where: { appId },
    data: {
      ...wish,
      ...{ wish: { increment: 1 }, status: 'pending', askedAt: new Date() },
      ...{ imageId: null, buildId: null, releaseId: null, errorMessage: null, mergedAt: null, endedAt: null },
    },
    include: { app: { select: { environmentId: true } } },
  });
  if (!asked) return undefined;
  const { environmentId } = asked.app;
  await addEvent(tx, {
    name: 'service.pending',
    noun: 'service',
    nounId: appId,
    appId,
    userId,
    data: { environmentId },
  });
  after.wake.push(`app:${appId}`, `environment:${environmentId}`);
  return asked.wish;
}
