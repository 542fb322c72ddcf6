import type { Tx } from '@berth/db/client';
import type { Release } from '@berth/db/generated/client';
import type { AfterCommit } from '../platform.js';
import { movePromotion } from './move-promotion.js';

/**
 * A release is over: so is the promotion that it came of, in the same transaction. A config change during the rollout takes
 * the image over; the promotion then follows that release.
 */
export async function settlePromotion(tx: Tx, after: AfterCommit, release: Release): Promise<void> {
  const promotion = await tx.promotion.findUnique({ where: { releaseId: release.id } });
  if (!promotion) return;
  const promotionId = promotion.id;
  const { status } = release;
  if (status === 'succeeded') await movePromotion(tx, after, { promotionId, to: 'succeeded' });
  else if (status === 'superseded') await followNewer(tx, after, promotion, release);
  else if (status === 'failed' || status === 'cancelled') {
    const message = release.errorMessage ?? `Release v${release.version} was ${status}.`;
    const error = { code: release.errorCode ?? status, message };
    await movePromotion(tx, after, { promotionId, to: status, error });
  }
}

async function followNewer(
  tx: Tx,
  after: AfterCommit,
  promotion: { id: string; imageId: string },
  release: Release,
): Promise<void> {
  const newer = await tx.release.findFirst({
    where: {
      appId: release.appId,
      version: { gt: release.version },
      status: { in: ['pending', 'running', 'succeeded'] },
    },
    orderBy: { version: 'desc' },
    include: { promotion: { select: { id: true } } },
  });
  const isTaken = newer?.imageId === promotion.imageId && !newer.promotion;
  if (newer && isTaken) {
    await tx.promotion.update({ where: { id: promotion.id }, data: { releaseId: newer.id } });
    if (newer.status === 'succeeded') await movePromotion(tx, after, { promotionId: promotion.id, to: 'succeeded' });
    after.wake.push(`promotion:${promotion.id}`);
    return;
  }
  const message = newer ? `Superseded by v${newer.version}: ${newer.description}.` : 'Superseded by something newer.';
  await movePromotion(tx, after, {
    promotionId: promotion.id,
    to: 'cancelled',
    error: { code: 'superseded', message },
  });
}
