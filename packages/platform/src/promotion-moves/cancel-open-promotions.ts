import type { Tx } from '@berth/db/client';
import type { AfterCommit } from '../platform.js';
import { movePromotion } from './move-promotion.js';

/** Ends the promotions from or to an app that have made no release yet; the caller holds the app's lock. `why` is public. */
export async function cancelOpenPromotions(
  tx: Tx,
  after: AfterCommit,
  { appId, onlyTo = false, why }: { appId: string; onlyTo?: boolean; why: string },
): Promise<void> {
  const open = await tx.promotion.findMany({
    where: {
      OR: [{ targetAppId: appId }, ...(onlyTo ? [] : [{ sourceAppId: appId }])],
      status: { in: ['pending', 'running'] },
      releaseId: null,
    },
    select: { id: true },
  });
  const error = { code: 'cancelled', message: `Cancelled: ${why}.` };
  for (const { id } of open) await movePromotion(tx, after, { promotionId: id, to: 'cancelled', error });
}
