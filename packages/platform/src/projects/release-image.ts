import type { Tx } from '@berth/db/client';
import { lockApp } from '../lock-app.js';
import type { AfterCommit, Platform } from '../platform.js';
import { createRelease } from '../releases/create-release.js';
import { snapshotConfig } from '../releases/snapshot-config.js';
import { moveService } from './move-service.js';

/**
 * Releases an image that there is to a service's app, as a deploy: newer than any push accepted before. The caller holds the
 * repository's lock, so that the image is not being collected.
 */
export async function releaseImage(
  platform: Platform,
  tx: Tx,
  after: AfterCommit,
  { appId, wish, imageId }: { appId: string; wish: number; imageId: string },
): Promise<void> {
  await lockApp(tx, appId);
  const { userId } = await tx.projectService.findUniqueOrThrow({ where: { appId } });
  const { commit } = await tx.image.findUniqueOrThrow({ where: { id: imageId }, select: { commit: true } });
  const { lastAccepted } = await tx.app.update({
    where: { id: appId },
    data: { lastAccepted: { increment: 1 } },
    select: { lastAccepted: true },
  });
  const release = await createRelease(tx, after, {
    ...{ appId, userId, reason: 'image' as const, description: `Deploy ${commit.slice(0, 8)}`, imageId },
    config: await snapshotConfig(platform, tx, appId),
    accepted: lastAccepted,
  });
  await moveService(tx, after, { appId, wish, to: 'starting', releaseId: release.id, commit });
}
