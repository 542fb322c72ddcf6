import { randomUUID } from 'node:crypto';
import type { Platform } from '../platform.js';
import { enterRegistry } from './enter-registry.js';

/**
 * Before somebody gets the right to push for `ms`: waits while a window is open, `waitMs` at the most, and keeps the next one
 * from beginning until that time is over, or the hold is given back. Undefined: a window is still open; let them ask again.
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
