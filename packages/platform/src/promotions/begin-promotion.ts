import type { Tx } from '@berth/db/client';
import { addJob } from '@berth/jobs/outbox';
import type { AfterCommit } from '../platform.js';
import { movePromotion } from '../promotion-moves/move-promotion.js';

/** Nobody's approval is missing: its gates are checked next. */
export async function beginPromotion(
  tx: Tx,
  after: AfterCommit,
  { promotionId, userId }: { promotionId: string; userId: string },
): Promise<void> {
  if (!(await movePromotion(tx, after, { promotionId, to: 'running', userId }))) return;
  after.jobs.push(await addJob(tx, 'promotion.run', { promotionId }));
}
