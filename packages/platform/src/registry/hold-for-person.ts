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
 * A tag has arrived: the holds of its repository have served, and end soon. All of them, since docker asks for several tokens
 * in one push. Who pushes to the same repository at that moment, and for longer, may have to push again.
 */
export async function endHoldsSoon({ db }: Platform, { repository }: { repository: string }): Promise<void> {
  await db.$executeRaw`
    UPDATE "RegistryPush"
    SET "expiresAt" = LEAST("expiresAt", (now() AT TIME ZONE 'UTC') + ${nextTagMs}::int * interval '1 millisecond')
    WHERE "repository" = ${repository}`;
}
