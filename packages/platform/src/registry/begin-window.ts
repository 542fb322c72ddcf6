import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';

/** Uploads that may take long are waited for before everybody else's pushes have to wait, ms at the most. */
const longWaitMs = 30 * 60_000;

/**
 * From its commit on no push to the registry begins, until {@link endWindow}; it stays so when this process is killed,
 * and the collection's job, which is run again, ends it. Resolves when the pushes that were under way are over.
 */
export async function beginWindow(
  platform: Platform,
  { collectionId, lease, signal }: { collectionId: string; lease: Lease; signal: AbortSignal },
): Promise<void> {
  const until = Date.now() + longWaitMs;
  const begin = () => tryToBegin(platform, { collectionId, lease, waitsForLong: Date.now() < until });
  await platform.wake.until(['registry'], async () => ((await begin()) ? true : undefined), signal);
  await platform.wake.until(['registry'], async () => ((await countPushes(platform)) === 0 ? true : undefined), signal);
  signal.throwIfAborted();
  await platform.db.collection.updateMany({
    where: { id: collectionId, windowQuietAt: null },
    data: { windowQuietAt: new Date() },
  });
}

/** Of people's ready images, and copies of whole images to production. */
const longOnes = ['pushed/', 'production/'];

/** False: somebody has the right to push an image of their own just now, or one is copied to production. */
function tryToBegin(
  platform: Platform,
  { collectionId, lease, waitsForLong }: { collectionId: string; lease: Lease; waitsForLong: boolean },
): Promise<boolean> {
  return transaction(platform, async (tx) => {
    await assertLease(tx, lease);
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('berth.registry'))::text`;
    const { windowBeganAt, windowEndedAt } = await tx.collection.findUniqueOrThrow({ where: { id: collectionId } });
    if (windowBeganAt && !windowEndedAt) return true; // this process's predecessor was killed in it
    const isLong = {
      OR: longOnes.map((startsWith) => ({ repository: { startsWith } })),
      expiresAt: { gt: new Date() },
    };
    if (waitsForLong && (await tx.registryPush.count({ where: isLong })) > 0) return false;
    await tx.collection.update({
      where: { id: collectionId },
      data: { windowBeganAt: new Date(), windowQuietAt: null, windowEndedAt: null },
    });
    return true;
  });
}

/** Pushes under way. Those whose process was killed are given up when their time is over. */
async function countPushes({ db }: Platform): Promise<number> {
  await db.$executeRaw`DELETE FROM "RegistryPush" WHERE "expiresAt" < (now() AT TIME ZONE 'UTC')`;
  return db.registryPush.count();
}
