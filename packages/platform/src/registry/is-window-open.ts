import type { Platform } from '../platform.js';

/** Whether pushes wait for this collection. */
export async function isWindowOpen(platform: Platform, { collectionId }: { collectionId: string }): Promise<boolean> {
  const where = { id: collectionId, windowBeganAt: { not: null }, windowEndedAt: null };
  return (await platform.db.collection.count({ where })) > 0;
}
