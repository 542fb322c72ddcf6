import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import { findCommit } from './find-commit.js';
import { lockRepository } from './lock-repository.js';
import { moveService } from './move-service.js';
import { releaseImage } from './release-image.js';

export interface TakenCommit {
  appId: string;
  wish: number;
  lease: Lease;
  /** Whole. */
  commit: string;
  /** It has commits that the pipeline's main has not. */
  isAhead: boolean;
}

/**
 * apps/git has found the commit of a service: its image is released when there is one, its build waited for when one runs.
 * True: there is neither, and its source is wanted.
 */
export function takeCommit(platform: Platform, input: TakenCommit): Promise<boolean> {
  const { appId, wish, lease, commit, isAhead } = input;
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const app = await tx.app.findFirst({ where: { id: appId, destroyedAt: null } });
    if (!app) return false;
    await lockRepository(tx, app.repositoryId);
    const { count } = await tx.projectService.updateMany({
      where: { appId, wish, status: 'pending' },
      data: { commit, isAhead, mergedAt: null },
    });
    if (count === 0) return false;
    const found = await findCommit(tx, { repositoryId: app.repositoryId, commit });
    if (found?.kind === 'image') await releaseImage(platform, tx, after, { appId, wish, imageId: found.imageId });
    if (found?.kind === 'build') await moveService(tx, after, { appId, wish, to: 'building', buildId: found.buildId });
    return found === undefined;
  });
}
