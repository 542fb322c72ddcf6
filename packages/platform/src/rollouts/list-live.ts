import type { RolloutStatus } from '@berth/domain/status';
import type { Platform } from '../platform.js';

export interface LiveRollout {
  rolloutId: string;
  appId: string;
  status: RolloutStatus;
}

/** Every rollout that is not retired: a container of another one belongs to nobody. */
export async function listLive(platform: Platform): Promise<LiveRollout[]> {
  const rollouts = await platform.db.rollout.findMany({
    where: { retiredAt: null },
    select: { id: true, appId: true, status: true },
  });
  return rollouts.map(({ id, appId, status }) => ({ rolloutId: id, appId, status }));
}
