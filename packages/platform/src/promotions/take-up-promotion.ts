import type { Tx } from '@berth/db/client';
import type { Promotion } from '@berth/db/generated/client';
import { type Gate, policyOf } from '@berth/domain/environment-policy';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import { type ReleaseWork, readWork } from '../rollouts/read-work.js';

/** What is to be checked before a promotion is released. */
export interface PromotionWork {
  gates: Gate[];
  /** The source app's host name, as the router knows it. */
  sourceHost: string;
  /** The source's release, where commands of gates are run; undefined when its app is gone. Holds secrets. */
  source: ReleaseWork | undefined;
}

/** Undefined: it is over, or it has its release already. What its gates said before is forgotten: they are asked anew. */
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
    await tx.promotionGate.deleteMany({ where: { promotionId } });
    const source = await readSource(platform, tx, promotion);
    return { gates, sourceHost: `${promotion.sourceName}.${platform.addresses.domain}`, source };
  });
}

async function readSource(
  platform: Platform,
  tx: Tx,
  { sourceAppId: appId, sourceVersion: version }: Promotion,
): Promise<ReleaseWork | undefined> {
  if (appId === null) return undefined;
  const release = await tx.release.findUnique({ where: { appId_version: { appId, version } }, select: { id: true } });
  return release ? readWork(platform, tx, release.id) : undefined;
}
