import type { Platform } from '../platform.js';

/** Rollouts that are anywhere on the ladder of sleep: the loop that heals leaves their instances alone. */
export async function listAsleep(platform: Platform): Promise<Set<string>> {
  const rows = await platform.db.sleep.findMany({
    where: { state: { not: 'awake' }, rolloutId: { not: null } },
    select: { rolloutId: true },
  });
  return new Set(rows.flatMap(({ rolloutId }) => rolloutId ?? []));
}
