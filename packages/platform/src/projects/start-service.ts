import type { Tx } from '@berth/db/client';
import { addJob } from '@berth/jobs/outbox';
import type { AfterCommit, Platform } from '../platform.js';
import { findCommit } from './find-commit.js';
import { lockRepository } from './lock-repository.js';
import { moveService } from './move-service.js';
import { releaseImage } from './release-image.js';

const isWhole = (commit: string | null): commit is string => /^[0-9a-f]{40}$/.test(commit ?? '');

/**
 * Begins what a service was asked for: an image that there is is released at once, a build that runs is waited for; for the
 * rest apps/git looks the commit up and makes its source.
 */
export async function startService(platform: Platform, tx: Tx, after: AfterCommit, appId: string): Promise<void> {
  const service = await tx.projectService.findUniqueOrThrow({
    where: { appId },
    include: { app: { select: { repositoryId: true, environmentId: true } } },
  });
  const { wish, imageId, commit, app } = service;
  const { repositoryId } = app;
  await lockRepository(tx, repositoryId);
  const found = imageId
    ? ({ kind: 'image', imageId } as const)
    : isWhole(commit)
      ? await findCommit(tx, { repositoryId, commit })
      : undefined;
  if (found?.kind === 'image') await releaseImage(platform, tx, after, { appId, wish, imageId: found.imageId });
  else if (found) await moveService(tx, after, { appId, wish, to: 'building', buildId: found.buildId });
  else after.jobs.push(await addJob(tx, 'source.make', { appId }));
}
