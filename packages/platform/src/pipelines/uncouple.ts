import type { Tx } from '@berth/db/client';
import { lockApp } from '../lock-app.js';
import type { AfterCommit } from '../platform.js';
import { cancelOpenPromotions } from '../promotion-moves/cancel-open-promotions.js';

/**
 * Takes an app out of its pipeline: it is called by its own name again. It keeps the repository that it shares, so that it
 * may come back, and its images.
 */
export async function uncouple(tx: Tx, after: AfterCommit, appId: string): Promise<void> {
  const { name } = await lockApp(tx, appId);
  await cancelOpenPromotions(tx, after, { appId, why: `${name} was taken out of the pipeline` });
  await tx.app.update({ where: { id: appId }, data: { pipelineId: null } });
  await tx.route.updateMany({ where: { appId }, data: { service: name, version: { increment: 1 } } });
  after.wake.push('routes', `app:${appId}`);
}
