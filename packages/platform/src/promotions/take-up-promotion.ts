import { type Gate, policyOf } from '@berth/domain/environment-policy';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';

/** What is to be checked before a promotion is released. */
export interface PromotionWork {
  gates: Gate[];
  /** The source app's host name, as the router knows it. */
  sourceHost: string;
}

/** Undefined: it is over, or it has its release already. Reading it again after a kill changes nothing. */
export function takeUpPromotion(
  platform: Platform,
  { promotionId, lease }: { promotionId: string; lease: Lease },
): Promise<PromotionWork | undefined> {
  return transaction(platform, async (tx) => {
    await assertLease(tx, lease);
    const promotion = await tx.promotion.findUnique({
      where: { id: promotionId },
      include: { targetApp: { include: { environment: true } } },
    });
    if (promotion?.status !== 'running' || promotion.releaseId) return undefined;
    const { gates } = policyOf(promotion.targetApp.environment);
    return { gates, sourceHost: `${promotion.sourceName}.${platform.addresses.domain}` };
  });
}
