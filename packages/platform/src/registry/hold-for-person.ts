import { randomUUID } from 'node:crypto';
import type { Platform } from '../platform.js';
import { enterRegistry } from './enter-registry.js';

/** A push of several tags (`docker push --all-tags`) begins the next one within this time of the one before, ms. */
const nextTagMs = 30_000;

/**
 * Before somebody gets the right to push for `ms`: waits while a window is open, `waitMs` at the most, and keeps the next one
 * from beginning until that time is over, or what was pushed has arrived. Undefined: a window is still open; let them ask again.
 */
export async function holdForPerson(
  platform: Platform,
  { repository, ms, waitMs }: { repository: string; ms: number; waitMs: number },
): Promise<string | undefined> {
  const id = randomUUID();
  const look = async () => ((await enterRegistry(platform, { id, repository, ms })) ? true : undefined);
  return (await platform.wake.until(['registry'], look, AbortSignal.timeout(waitMs))) && id;
}

/** Gives a hold back before its time. */
export async function endHold({ db, wake }: Platform, { id }: { id: string }): Promise<void> {
  await db.registryPush.deleteMany({ where: { id } });
  await wake.publish(['registry']);
}

/**
 * A tag has arrived: the oldest hold of its repository has served, and ends soon. Only one: each push asked for a hold of its
 * own, and another may be under way.
 */
export async function endHoldSoon({ db }: Platform, { repository }: { repository: string }): Promise<void> {
  await db.$executeRaw`
    UPDATE "RegistryPush" SET "expiresAt" = (now() AT TIME ZONE 'UTC') + ${nextTagMs}::int * interval '1 millisecond'
    WHERE "id" = (
      SELECT "id" FROM "RegistryPush"
      WHERE "repository" = ${repository}
        AND "expiresAt" > (now() AT TIME ZONE 'UTC') + ${nextTagMs}::int * interval '1 millisecond'
      ORDER BY "expiresAt" LIMIT 1)`;
}
