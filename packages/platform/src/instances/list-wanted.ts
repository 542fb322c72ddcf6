import type { Platform } from '../platform.js';
import { type ReleaseWork, toWork, workInclude } from '../rollouts/read-work.js';

export type WantedApp = ReleaseWork & { rolloutId: string };

/** What is to run now: the current succeeded rollout of every app, or of one, that is not being destroyed. Holds secrets. */
export async function listWanted(platform: Platform, { appId }: { appId?: string } = {}): Promise<WantedApp[]> {
  const rollouts = await platform.db.rollout.findMany({
    where: { status: 'succeeded', retiredAt: null, app: { destroyedAt: null }, ...(appId ? { appId } : {}) },
    orderBy: [{ appId: 'asc' }, { endedAt: 'desc' }],
    distinct: ['appId'],
    include: { release: { include: workInclude } },
  });
  return rollouts.flatMap(({ id, release }) => {
    const work = toWork(platform, release);
    return work ? [{ rolloutId: id, ...work }] : [];
  });
}
