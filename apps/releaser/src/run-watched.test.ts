import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import type { Releaser } from './releaser.js';
import { runWatched, type Watched } from './run-watched.js';

/** Looks again and again, as the real one does, and counts who looks. */
function openReleaser() {
  const seen = { watching: 0, warned: vi.fn() };
  const until = async (_topics: unknown, look: () => Promise<unknown>, signal: AbortSignal) => {
    seen.watching += 1;
    try {
      while (!signal.aborted) {
        const found = await look();
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return undefined;
    } finally {
      seen.watching -= 1;
    }
  };
  const releaser = { platform: { wake: { until } }, logger: { warn: seen.warned } } as unknown as Releaser;
  return { releaser, seen };
}

const watched = (more: Partial<Watched> = {}): Watched => ({
  topic: 'one-off:1',
  isAsked: async () => false,
  stop: new AbortController(),
  why: new Error('a user stopped it'),
  signal: new AbortController().signal,
  ...more,
});

const untilAborted = async (signal: AbortSignal): Promise<never> => {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
};

test('what ends by itself ends the watch', async () => {
  const { releaser, seen } = openReleaser();
  expect(await runWatched(releaser, watched(), async () => 3)).toBe(3);
  expect(seen.watching).toBe(0);
});

test('is ended when somebody asks, when its caller says so, and with its job; the signal says why', async () => {
  const { releaser, seen } = openReleaser();
  let isAsked = false;
  const asked = runWatched(releaser, watched({ isAsked: async () => isAsked }), untilAborted);
  isAsked = true;
  await expect(asked).rejects.toThrow('a user stopped it');

  const stop = new AbortController();
  const stopped = runWatched(releaser, watched({ stop }), untilAborted);
  stop.abort(new Error('the right is gone'));
  await expect(stopped).rejects.toThrow('the right is gone');

  const job = new AbortController();
  const lost = runWatched(releaser, watched({ signal: job.signal }), untilAborted);
  job.abort(new Error('the lease is lost'));
  await expect(lost).rejects.toThrow('the lease is lost');
  expect(seen.watching).toBe(0);
});

test('a look that fails is told, and what runs goes on', async () => {
  const { releaser, seen } = openReleaser();
  const isAsked = () => Promise.reject(new Error('the database is away'));
  const body = () => new Promise((resolve) => setTimeout(() => resolve('done'), 20));
  expect(await runWatched(releaser, watched({ isAsked }), body)).toBe('done');
  expect(seen.warned).toHaveBeenCalledOnce();
});
