import type { Platform } from '../platform.js';

/** What is left of a destroyed environment. Undefined: nothing, it is gone already. */
export async function readDestroyed(
  platform: Platform,
  { environmentId }: { environmentId: string },
): Promise<{ apps: number } | undefined> {
  const row = await platform.db.environment.findFirst({
    where: { id: environmentId, destroyedAt: { not: null } },
    select: { _count: { select: { apps: true } } },
  });
  return row ? { apps: row._count.apps } : undefined;
}
