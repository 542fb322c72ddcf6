import { assertLease, type Lease } from '@berth/jobs/lease';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { addBuild, type NewSource } from '../pushes/add-build.js';
import { findCommit } from './find-commit.js';
import { lockRepository } from './lock-repository.js';
import { moveService } from './move-service.js';
import { releaseImage } from './release-image.js';

const zeroSha = '0'.repeat(40);

/**
 * The source of a service's commit lies in the registry: its build begins, as after a push to the app. When another app's
 * build of the commit has begun meanwhile, that one is waited for.
 */
export async function takeSource(
  platform: Platform,
  { appId, wish, lease, source }: { appId: string; wish: number; lease: Lease; source: NewSource },
): Promise<void> {
  await transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const found = await tx.app.findFirst({ where: { id: appId, destroyedAt: null } });
    if (!found) return;
    const { repositoryId } = found;
    await lockRepository(tx, repositoryId);
    const app = await lockApp(tx, appId);
    const service = await tx.projectService.findFirst({ where: { appId, wish, status: 'pending' } });
    if (!service || app.destroyedAt) return;
    const { userId, branch } = service;
    const { commit } = source;
    const other = await findCommit(tx, { repositoryId, commit });
    if (other?.kind === 'image') return releaseImage(platform, tx, after, { appId, wish, imageId: other.imageId });
    if (other) return void (await moveService(tx, after, { appId, wish, to: 'building', buildId: other.buildId }));
    // A commit that was asked for by its name is kept by a ref that no push names.
    const ref = branch === null ? `refs/berth/commits/${commit}` : `refs/heads/${branch}`;
    const push = await tx.push.create({ data: { appId, userId, ref, oldSha: zeroSha, newSha: commit } });
    const buildId = await addBuild(tx, after, { userId, appId, pushId: push.id, source });
    await moveService(tx, after, { appId, wish, to: 'building', buildId });
  });
}
