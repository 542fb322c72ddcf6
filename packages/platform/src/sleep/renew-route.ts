import type { Tx } from '@berth/db/client';
import type { AfterCommit } from '../platform.js';

/** The router is to look at the app's gate anew: wait for the returned version with waitRouteApplied. */
export async function renewRoute(tx: Tx, after: AfterCommit, appId: string): Promise<{ version: number }> {
  const route = await tx.route.update({
    where: { appId },
    data: { version: { increment: 1 } },
    select: { version: true },
  });
  after.wake.push('routes');
  return route;
}
