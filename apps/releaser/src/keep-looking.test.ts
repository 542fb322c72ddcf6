import { once } from 'node:events';
import { expect, test } from 'vitest';
import { keepLooking, pauseAfter } from './keep-looking.js';
import type { Releaser } from './releaser.js';

test('a cheap look is taken as often as asked', () => {
  expect(pauseAfter(12, { pauseMs: 5_000, isActive: false })).toBe(5_000);
  expect(pauseAfter(20, { pauseMs: 1_000, isActive: true })).toBe(1_000);
});

test('a look at hundreds of apps costs a still host a quarter of a percent of a core', () => {
  expect(pauseAfter(120, { pauseMs: 3_000, isActive: false })).toBe(48_000);
  expect(pauseAfter(400, { pauseMs: 1_000, isActive: true })).toBe(2_000);
});

test('something that no message told of is found within a minute', () => {
  expect(pauseAfter(5_000, { pauseMs: 3_000, isActive: false })).toBe(60_000);
});

/** Messages that reach who waits at that moment, and nobody else. */
function openWake() {
  const target = new EventTarget();
  const wait = async (topics: readonly string[], timeoutMs: number, signal: AbortSignal) => {
    const timer = AbortSignal.timeout(timeoutMs);
    const ended = AbortSignal.any([timer, signal]);
    await Promise.any(topics.map((topic) => once(target, topic, { signal: ended }))).catch(() => {});
  };
  const releaser = { platform: { wake: { wait } }, logger: { warn: () => {} } } as unknown as Releaser;
  return { releaser, tell: (topic: string) => target.dispatchEvent(new Event(topic)) };
}

test('a message that comes during a look calls for the next one, and a look that fails does not end the loop', async () => {
  const { releaser, tell } = openWake();
  const stopping = new AbortController();
  let looks = 0;
  const loop = keepLooking(releaser, { name: 'test', topics: ['sleep'], signal: stopping.signal }, async () => {
    looks++;
    if (looks === 1) tell('sleep');
    if (looks === 2) throw new Error('the database is away');
    if (looks === 3) stopping.abort();
    return { topics: ['sleep'], pauseMs: 60_000, isActive: false };
  });
  await expect.poll(() => looks).toBe(2);
  await new Promise((resolve) => setTimeout(resolve, 50));
  tell('sleep');
  await loop;
  expect(looks).toBe(3);
});
