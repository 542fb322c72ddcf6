import { type Platform, transaction } from '../platform.js';
import { renewRoute } from './renew-route.js';
import { setSleepState } from './set-sleep-state.js';

/**
 * An app begins to fall asleep: from the returned version of its route on, its requests wait at the gate. Undefined: it is not awake,
 * something else than this rollout answers for it, or a release is on its way.
 */
export function beginSleep(
  platform: Platform,
  { appId, rolloutId }: { appId: string; rolloutId: string },
): Promise<{ version: number } | undefined> {
  return transaction(platform, async (tx, after) => {
    const underWay = { appId, status: { in: ['pending' as const, 'running' as const] } };
    const [releases, rollouts, route] = await Promise.all([
      tx.release.count({ where: underWay }),
      tx.rollout.count({ where: underWay }),
      tx.route.count({ where: { appId, rolloutId, app: { destroyedAt: null } } }),
    ]);
    if (releases + rollouts > 0 || route === 0) return undefined;
    await tx.sleep.createMany({ data: { appId }, skipDuplicates: true });
    const moved = await setSleepState(tx, after, { appId, to: 'falling_asleep', rolloutId });
    return moved && renewRoute(tx, after, appId);
  });
}
