import { notFound } from '@berth/domain/errors';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';

/**
 * From the returned version on, the app's hosts are answered by this rollout; wait for it with waitRouteApplied.
 * Asked again for the same rollout it changes nothing.
 */
export function switchRoute(
  platform: Platform,
  { appId, rolloutId, lease }: { appId: string; rolloutId: string; lease: Lease },
): Promise<{ version: number }> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    await tx.route.updateMany({
      where: { appId, OR: [{ rolloutId: null }, { rolloutId: { not: rolloutId } }] },
      data: { rolloutId, version: { increment: 1 } },
    });
    const route = await tx.route.findUnique({ where: { appId }, select: { version: true } });
    if (!route) throw notFound('app', appId);
    after.wake.push('routes');
    return route;
  });
}
