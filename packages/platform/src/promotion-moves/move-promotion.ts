import type { Tx } from '@berth/db/client';
import { type PromotionStatus, promotionStatus } from '@berth/domain/status';
import { addEvent } from '../events/add-event.js';
import type { AfterCommit } from '../platform.js';

export interface PromotionMove {
  promotionId: string;
  to: PromotionStatus;
  error?: { code: string; message: string } | undefined;
  /** Whoever did it; undefined: a worker. */
  userId?: string | undefined;
}

/** The only code that changes a promotion's status. Undefined: somebody else moved it first. */
export async function movePromotion(tx: Tx, after: AfterCommit, { promotionId, to, error, userId }: PromotionMove) {
  const [promotion] = await tx.promotion.updateManyAndReturn({
    where: { id: promotionId, status: { in: promotionStatus.mayMoveTo(to) } },
    data: {
      status: to,
      ...(to === 'running' ? { startedAt: new Date() } : {}),
      ...(promotionStatus.isTerminal(to) ? { endedAt: new Date() } : {}),
      ...(error ? { errorCode: error.code, errorMessage: error.message } : {}),
    },
  });
  if (!promotion) return undefined;
  const { targetAppId: appId } = promotion;
  const data = error ? { message: error.message } : {};
  await addEvent(tx, { name: `promotion.${to}`, noun: 'promotion', nounId: promotionId, appId, userId, data });
  after.wake.push(`promotion:${promotionId}`, `app:${appId}`);
  return promotion;
}
