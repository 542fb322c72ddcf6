import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { movePromotion } from '../promotion-moves/move-promotion.js';
import { findPromotionFor } from './find-promotion-for.js';
import { type PromotionView, readPromotionView } from './promotion-view.js';

/** Ends a promotion that has made no release yet; what rolls out is not stopped. */
export function cancelPromotion(
  platform: Platform,
  { actor, promotion: id }: { actor: Actor; promotion: string },
): Promise<PromotionView> {
  const { userId } = actor;
  return transaction(platform, async (tx, after) => {
    const { targetAppId } = await findPromotionFor(tx, { actor, promotion: id });
    await getAppFor(tx, { actor, app: targetAppId, right: 'app.promote' });
    await lockApp(tx, targetAppId);
    const { releaseId } = await tx.promotion.findUniqueOrThrow({ where: { id } });
    const error = { code: 'cancelled', message: 'Cancelled.' };
    if (releaseId || !(await movePromotion(tx, after, { promotionId: id, to: 'cancelled', error, userId })))
      throw new UserError('conflict', 'This promotion is released or over: roll back instead.');
    return readPromotionView(tx, id);
  });
}
