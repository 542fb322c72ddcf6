import type { Platform } from '../platform.js';

/** Where requests to the app go now: another slot than before after a deploy. */
export async function findSlot(platform: Platform, { appId }: { appId: string }): Promise<string | undefined> {
  const route = await platform.db.route.findUnique({ where: { appId }, select: { rolloutId: true } });
  if (!route?.rolloutId) return undefined;
  const backend = await platform.db.routerBackend.findUnique({ where: { rolloutId: route.rolloutId } });
  return backend?.slot ?? undefined;
}
