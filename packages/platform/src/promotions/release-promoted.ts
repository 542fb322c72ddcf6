import type { Tx } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { getAppToDeploy } from '../auth/get-app-to-deploy.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { createRelease } from '../releases/create-release.js';
import { snapshotConfig } from '../releases/snapshot-config.js';

/**
 * The release of a promotion whose gates have opened: the very image, with the target's own config vars. It is newer than
 * any push accepted before. The policy is asked again: a freeze may have begun while it waited (UserError).
 */
export function releasePromoted(
  platform: Platform,
  { promotionId, lease }: { promotionId: string; lease: Lease },
): Promise<void> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const { targetAppId: appId } = await tx.promotion.findUniqueOrThrow({ where: { id: promotionId } });
    await lockApp(tx, appId);
    const promotion = await readPromotion(tx, promotionId);
    if (promotion.status !== 'running' || promotion.releaseId) return;
    const { userId, image, sourceName, sourceVersion, imageId } = promotion;
    const target = await getAppToDeploy(tx, { actor: { userId }, app: appId, right: 'app.promote' });
    if (image.collectedAt || image.repositoryId !== target.repositoryId)
      throw new UserError('conflict', `The image of ${sourceName} v${sourceVersion} is gone.`);
    const { lastAccepted } = await tx.app.update({ where: { id: appId }, data: { lastAccepted: { increment: 1 } } });
    const release = await createRelease(tx, after, {
      ...{ appId, userId, imageId, reason: 'promotion' },
      description: `Promote ${sourceName} v${sourceVersion} ${image.commit.slice(0, 8)}`,
      config: await snapshotConfig(platform, tx, appId),
      accepted: lastAccepted,
    });
    await tx.promotion.update({ where: { id: promotionId }, data: { releaseId: release.id } });
    after.wake.push(`promotion:${promotionId}`);
  });
}

const readPromotion = (tx: Tx, id: string) =>
  tx.promotion.findUniqueOrThrow({ where: { id }, include: { image: true } });
