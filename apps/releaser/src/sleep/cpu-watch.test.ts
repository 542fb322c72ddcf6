import { expect, test } from 'vitest';
import { CpuWatch } from './cpu-watch.js';

const running = (cpuMs: number) => [{ containerId: 'a', isFrozen: false, cpuMs }];

test('a container is busy that used more than its share since the look before', () => {
  const watch = new CpuWatch(0.05);
  watch.note(running(1_000), 10_000);
  expect(watch.busyAt(['a'])).toBe(0);
  watch.note(running(1_300), 15_000);
  expect(watch.busyAt(['a', 'unknown'])).toBe(15_000);
  watch.note(running(1_310), 20_000);
  expect(watch.busyAt(['a'])).toBe(15_000);
});

test('what it uses after a sleep is held against the time since it woke, not against the sleep', () => {
  const watch = new CpuWatch(0.05);
  watch.note(running(1_000), 10_000);
  watch.note([{ containerId: 'a', isFrozen: true }], 3_610_000);
  watch.note(running(1_300), 3_615_000);
  expect(watch.busyAt(['a'])).toBe(3_615_000);
});

test('a container that is gone is forgotten', () => {
  const watch = new CpuWatch(0.05);
  watch.note(running(1_000), 10_000);
  watch.note(running(2_000), 15_000);
  watch.note([], 20_000);
  expect(watch.busyAt(['a'])).toBe(0);
});
