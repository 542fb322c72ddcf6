import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppToDeploy } from '../auth/get-app-to-deploy.js';
import { addEvent } from '../events/add-event.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { movePromotion } from '../promotion-moves/move-promotion.js';
import { beginPromotion } from './begin-promotion.js';
import { findPromotionFor } from './find-promotion-for.js';
import { type PromotionView, readPromotionView } from './promotion-view.js';

/**
 * Somebody who may promote to the target approves, or rejects, a promotion that another person has asked for. The last
 * approval that was missing lets it run; one rejection ends it.
 */
export function answerPromotion(
  platform: Platform,
  input: { actor: Actor; promotion: string; isApproved: boolean; comment?: string | undefined },
): Promise<PromotionView> {
  const { actor, isApproved, comment = '' } = input;
  const { userId } = actor;
  return transaction(platform, async (tx, after) => {
    const { id, targetAppId } = await findPromotionFor(tx, input);
    await getAppToDeploy(tx, { actor, app: targetAppId, right: 'app.promote' });
    await lockApp(tx, targetAppId);
    const promotion = await tx.promotion.findUniqueOrThrow({ where: { id } });
    if (promotion.userId === userId)
      throw new UserError('forbidden', 'Somebody else has to approve a promotion that you asked for.');
    if (promotion.status !== 'pending')
      throw new UserError('conflict', `This promotion waits for nobody: it is ${promotion.status}.`);
    const answer = { isApproved, comment: comment.slice(0, 500) };
    await tx.promotionApproval.upsert({
      where: { promotionId_userId: { promotionId: id, userId } },
      update: answer,
      create: { promotionId: id, userId, ...answer },
    });
    const name = isApproved ? 'promotion.approved' : 'promotion.rejected';
    await addEvent(tx, { name, noun: 'promotion', nounId: id, appId: targetAppId, userId, data: { comment } });
    if (!isApproved) {
      const error = { code: 'rejected', message: `Rejected${comment ? `: ${comment}` : ''}.` };
      await movePromotion(tx, after, { promotionId: id, to: 'failed', error, userId });
    } else if (
      (await tx.promotionApproval.count({ where: { promotionId: id, isApproved: true } })) >= promotion.approvalsWanted
    ) {
      await beginPromotion(tx, after, { promotionId: id, userId });
    }
    after.wake.push(`promotion:${id}`);
    return readPromotionView(tx, id);
  });
}
