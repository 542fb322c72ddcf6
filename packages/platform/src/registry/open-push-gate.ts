import { randomUUID } from 'node:crypto';
import { TransientError } from '@berth/domain/errors';
import type { Platform } from '../platform.js';
import { enterRegistry } from './enter-registry.js';

/** A push of a process that was killed holds a window back this long, ms. */
const holdMs = 30_000;

/**
 * The shared side of the registry's window: each push has a row while it lasts, and none begins while a collection frees
 * blobs: it waits, until `signal` is aborted, which throws its reason. A push that lost its row (this process stood still for longer than {@link holdMs}) is done again by its job.
 */
export function openPushGate(platform: Platform) {
  return async <T>(repository: string, push: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    const id = await waitForRow(platform, repository, signal);
    const renewal = setInterval(() => void renew(platform, id).catch(() => {}), holdMs / 3);
    let isOver = false;
    try {
      const result = await push();
      isOver = true;
      return result;
    } finally {
      clearInterval(renewal);
      const wasHeld = await leave(platform, id).catch(() => false);
      // biome-ignore lint/correctness/noUnsafeFinally: what was pushed may be collected already; the push's own error wins
      if (isOver && !wasHeld) throw new TransientError(`the push to ${repository} was not protected to its end`);
    }
  };
}

async function waitForRow(platform: Platform, repository: string, signal: AbortSignal | undefined): Promise<string> {
  const id = randomUUID();
  const enter = async () => ((await enterRegistry(platform, { id, repository, ms: holdMs })) ? true : undefined);
  if (await platform.wake.until(['registry'], enter, signal)) return id;
  throw signal?.reason;
}

async function renew({ db }: Platform, id: string): Promise<void> {
  await db.$executeRaw`
    UPDATE "RegistryPush" SET "expiresAt" = (now() AT TIME ZONE 'UTC') + ${holdMs}::int * interval '1 millisecond'
    WHERE "id" = ${id}`;
}

/** False when the row is gone: a collection gave this push up. */
async function leave({ db, wake }: Platform, id: string): Promise<boolean> {
  const { count } = await db.registryPush.deleteMany({ where: { id } });
  await wake.publish(['registry']);
  return count === 1;
}
