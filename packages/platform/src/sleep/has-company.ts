import type { Platform } from '../platform.js';

/** Whether an app sleeps in the environment that no request could wake: none of its instances has a port. */
export async function hasCompany(
  { db }: Platform,
  { appId, environmentId }: { appId: string; environmentId: string },
): Promise<boolean> {
  const found = await db.sleep.findFirst({
    where: {
      state: { not: 'awake' },
      app: { id: { not: appId }, environmentId, instances: { none: { port: { not: null } } } },
    },
    select: { appId: true },
  });
  return found !== null;
}
