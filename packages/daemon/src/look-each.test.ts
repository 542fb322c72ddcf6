import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lookEach } from './look-each.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = (error: unknown) => expect.unreachable(String(error));

test('looks each so many ms, at first after a pause or at once, until it is stopped', async () => {
  const [later, now] = [vi.fn(async () => {}), vi.fn(async () => {})];
  const looks = [
    lookEach({ everyMs: 100, onError: never }, later),
    lookEach({ everyMs: 100, isFirstNow: true, onError: never }, now),
  ];
  expect([later.mock.calls.length, now.mock.calls.length]).toEqual([0, 1]);
  await vi.advanceTimersByTimeAsync(250);
  expect([later.mock.calls.length, now.mock.calls.length]).toEqual([2, 3]);
  await Promise.all(looks.map(({ stop }) => stop()));
  await vi.advanceTimersByTimeAsync(1_000);
  expect([later.mock.calls.length, now.mock.calls.length]).toEqual([2, 3]);
});

test('a look that takes longer than the pause is alone, and a stop waits for it', async () => {
  const ends: (() => void)[] = [];
  const { stop } = lookEach({ everyMs: 100, onError: never }, () => new Promise<void>((end) => ends.push(end)));
  await vi.advanceTimersByTimeAsync(550);
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(100);
  expect(ends).toHaveLength(2);
  let isStopped = false;
  const stopped = stop().then(() => {
    isStopped = true;
  });
  await vi.advanceTimersByTimeAsync(500);
  expect(isStopped).toBe(false);
  ends[1]?.();
  await stopped;
  expect(ends).toHaveLength(2);
});

test('a look that fails is told, and the next one comes all the same', async () => {
  const onError = vi.fn();
  let looks = 0;
  const { stop } = lookEach({ everyMs: 100, onError }, async () => {
    looks += 1;
    if (looks === 1) throw new Error('the database is away');
  });
  await vi.advanceTimersByTimeAsync(200);
  await stop();
  expect([looks, onError.mock.calls]).toEqual([2, [[new Error('the database is away')]]]);
});
