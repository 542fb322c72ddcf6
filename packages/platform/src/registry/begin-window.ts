import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';

/**
 * From its commit on no push to the registry begins, until {@link endWindow}; it stays so when this process is killed,
 * and the collection's job, which is run again, ends it. Resolves when the pushes that were under way are over.
 */
export async function beginWindow(
  platform: Platform,
  { collectionId, lease, signal }: { collectionId: string; lease: Lease; signal: AbortSignal },
): Promise<void> {
  await transaction(platform, async (tx) => {
    await assertLease(tx, lease);
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('berth.registry'))::text`;
    await tx.collection.updateMany({
      where: { id: collectionId, windowBeganAt: null },
      data: { windowBeganAt: new Date() },
    });
  });
  await platform.wake.until(['registry'], async () => ((await countPushes(platform)) === 0 ? true : undefined), signal);
  signal.throwIfAborted();
  await platform.db.collection.update({ where: { id: collectionId }, data: { windowQuietAt: new Date() } });
}

/** Pushes under way. Those whose process was killed are given up when their time is over. */
async function countPushes({ db }: Platform): Promise<number> {
  await db.$executeRaw`DELETE FROM "RegistryPush" WHERE "expiresAt" < (now() AT TIME ZONE 'UTC')`;
  return db.registryPush.count();
}
