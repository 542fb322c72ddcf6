import type { Platform } from '../platform.js';
import { type ReleaseWork, toWork, workInclude } from '../rollouts/read-work.js';

export type WantedApp = ReleaseWork & { rolloutId: string };

export interface Wanted {
  apps: WantedApp[];
  /** Apps whose rows cannot be read (a fault of ours, e.g. a config that another key sealed): leave what runs of them alone. */
  unreadable: { appId: string; error: unknown }[];
}

/**
 * What is to run now: the current succeeded rollout of every app, or of one, that is not being destroyed, but for rollouts in
 * `except`, which are not even read: each read opens secrets. Holds secrets.
 */
export async function listWanted(
  platform: Platform,
  { appId, except }: { appId?: string; except?: ReadonlySet<string> } = {},
): Promise<Wanted> {
  const { db } = platform;
  const newest = await db.rollout.findMany({
    where: { status: 'succeeded', retiredAt: null, app: { destroyedAt: null }, ...(appId ? { appId } : {}) },
    orderBy: [{ appId: 'asc' }, { endedAt: 'desc' }],
    distinct: ['appId'],
    select: { id: true },
  });
  const ids = newest.flatMap(({ id }) => (except?.has(id) ? [] : id));
  const rollouts = await db.rollout.findMany({
    where: { id: { in: ids } },
    orderBy: { appId: 'asc' },
    include: { release: { include: workInclude } },
  });
  const wanted: Wanted = { apps: [], unreadable: [] };
  for (const { id, release } of rollouts) {
    try {
      const work = toWork(platform, release);
      if (work) wanted.apps.push({ rolloutId: id, ...work });
    } catch (error) {
      wanted.unreadable.push({ appId: release.appId, error });
    }
  }
  return wanted;
}
