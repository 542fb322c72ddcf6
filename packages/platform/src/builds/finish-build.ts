import { assertLease, type Lease } from '@berth/jobs/lease';
import { type NewImage, putImage } from '../images/put-image.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { createRelease } from '../releases/create-release.js';
import { snapshotConfig } from '../releases/snapshot-config.js';
import { moveBuild } from './move-build.js';

/**
 * The last write of a build: its image, and the release that runs it, or `superseded` when something newer was accepted
 * while it ran (then there is no release). Undefined: somebody else moved it (cancelled).
 */
export function finishBuild(
  platform: Platform,
  { buildId, lease, image }: { buildId: string; lease: Lease; image: NewImage },
): Promise<{ releaseId: string | null } | undefined> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const build = await tx.build.findUniqueOrThrow({
      where: { id: buildId },
      include: { source: true, release: true },
    });
    if (build.status === 'succeeded') return { releaseId: build.release?.id ?? null }; // its answer got lost
    const app = await lockApp(tx, build.appId);
    const isOver = app.destroyedAt ? 'cancelled' : app.lastAccepted > build.accepted ? 'superseded' : undefined;
    const imageId = await putImage(tx, after, { repositoryId: app.repositoryId, image });
    const buildpack = image.labels.buildpack ?? null;
    const moved = await moveBuild(tx, after, { buildId, to: isOver ?? 'succeeded', imageId, buildpack });
    if (!moved) return undefined;
    if (isOver) return { releaseId: null };
    const release = await createRelease(tx, after, {
      appId: app.id,
      userId: build.userId,
      reason: 'build',
      description: `Deploy ${image.commit.slice(0, 8)}`,
      imageId,
      config: await snapshotConfig(platform, tx, app.id),
      accepted: build.accepted,
      pushId: build.source.pushId,
      buildId,
    });
    return { releaseId: release.id };
  });
}
