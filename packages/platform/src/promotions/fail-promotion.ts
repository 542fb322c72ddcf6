import { assertLease, type Lease } from '@berth/jobs/lease';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { movePromotion } from '../promotion-moves/move-promotion.js';

/** A gate stayed shut, or the policy says no by now: nothing was released. `error` is public. */
export function failPromotion(
  platform: Platform,
  { promotionId, lease, error }: { promotionId: string; lease: Lease; error: { code: string; message: string } },
): Promise<void> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const { targetAppId, releaseId } = await tx.promotion.findUniqueOrThrow({ where: { id: promotionId } });
    await lockApp(tx, targetAppId);
    if (releaseId) return; // its release says how it ends
    const failed = await movePromotion(tx, after, { promotionId, to: 'failed', error });
    if (failed) after.lines.push({ appId: targetAppId, process: 'api', text: `Promotion failed: ${error.message}` });
  });
}
