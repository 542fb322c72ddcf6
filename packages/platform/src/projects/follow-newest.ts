import type { Tx } from '@berth/db/client';
import type { AfterCommit } from '../platform.js';
import { moveService } from './move-service.js';

/**
 * What a service waited for was superseded: somebody pushed to its app itself, rolled it back or changed its config. The
 * app's newest work counts from here on.
 */
export async function followNewest(
  tx: Tx,
  after: AfterCommit,
  { appId, wish }: { appId: string; wish: number },
): Promise<void> {
  const move = (to: Omit<Parameters<typeof moveService>[2], 'appId' | 'wish'>) =>
    moveService(tx, after, { appId, wish, ...to });
  const build = await tx.build.findFirst({
    where: { appId },
    orderBy: { createdAt: 'desc' },
    include: { source: { select: { commit: true } } },
  });
  const release = await tx.release.findFirst({
    where: { appId, status: { not: 'superseded' }, imageId: { not: null } },
    orderBy: { version: 'desc' },
    include: { image: { select: { commit: true } } },
  });
  if (build && (build.status === 'pending' || build.status === 'running'))
    await move({ to: 'building', buildId: build.id, commit: build.source.commit });
  else if (release?.image && !(build && build.createdAt > release.createdAt))
    await move({ to: 'starting', releaseId: release.id, commit: release.image.commit });
  else
    await move({ to: 'failed', errorMessage: build?.errorMessage ?? 'Something newer took its place and was ended.' });
}
