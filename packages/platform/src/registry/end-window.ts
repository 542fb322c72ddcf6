import type { Platform } from '../platform.js';

/** Pushes go on. Only who knows that nothing removes blobs any more may call it. Returns how long they waited, ms. */
export async function endWindow(platform: Platform, { collectionId }: { collectionId: string }): Promise<number> {
  await platform.db.collection.updateMany({
    where: { id: collectionId, windowBeganAt: { not: null }, windowEndedAt: null },
    data: { windowEndedAt: new Date() },
  });
  await platform.wake.publish(['registry']);
  const { windowBeganAt, windowEndedAt } = await platform.db.collection.findUniqueOrThrow({
    where: { id: collectionId },
  });
  return windowBeganAt && windowEndedAt ? windowEndedAt.getTime() - windowBeganAt.getTime() : 0;
}
