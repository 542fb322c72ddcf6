import type { Platform } from '../platform.js';

/** The controller has emptied the slot. The backend of a retired rollout goes with it, one that is still wanted waits for a new slot. */
export async function freeSlot(platform: Platform, { rolloutId }: { rolloutId: string }): Promise<void> {
  await platform.db.$transaction([
    platform.db.routerBackend.deleteMany({ where: { rolloutId, rollout: { retiredAt: { not: null } } } }),
    platform.db.routerBackend.updateMany({ where: { rolloutId }, data: { slot: null } }),
  ]);
  await platform.wake.publish([`rollout:${rolloutId}`]);
}
