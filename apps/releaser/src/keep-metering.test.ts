import { expect, test } from 'vitest';
import { keepMetering } from './keep-metering.js';
import type { Releaser } from './releaser.js';

test('usage of apps is counted also while nobody can say whose one-offs and Redis servers there are', async () => {
  const added: { appId: string; cpuMs: number }[] = [];
  const warned: string[] = [];
  let cpuMs = 0;
  const releaser = {
    platform: {
      instance: 'test',
      redis: { set: async () => 'OK' },
      db: {
        instance: { findMany: async () => [{ containerId: 'container', appId: 'shop' }] },
        addOn: { findMany: async () => [] },
        $executeRaw: async (_text: unknown, _at: string, rows: string) => added.push(...JSON.parse(rows)),
      },
    },
    engine: {
      readUsage: async () => {
        cpuMs += 5;
        const memory = { totalBytes: 100, availableBytes: 50 };
        const container = { containerId: 'container', cpuMs, memoryBytes: 10, ownBytes: 10, isFrozen: false };
        return { memory, swap: { totalBytes: 0, freeBytes: 0 }, containers: [container] };
      },
      listOthers: async () => {
        throw new Error('Docker does not answer');
      },
    },
    logger: { warn: (_: unknown, what: string) => warned.push(what) },
  } as unknown as Releaser;
  const metering = keepMetering(releaser, { freeMemory: 0.1, everyMs: 5 });
  await expect.poll(() => added.length).toBeGreaterThan(1);
  await metering.stop();
  expect(added[0]).toMatchObject({ appId: 'shop', cpuMs: 5 });
  expect(new Set(warned)).toEqual(new Set(['usage of one-offs and Redis servers']));
});
