import type { Platform } from '../platform.js';

/** Whether nobody has cancelled a promotion while its gates are asked. */
export async function isPromotionRunning({ db }: Platform, { promotionId }: { promotionId: string }): Promise<boolean> {
  return (await db.promotion.count({ where: { id: promotionId, status: 'running' } })) > 0;
}
