import { describe, expect, it } from 'vitest';
import { costOf, meterUsage } from './meter-usage.js';

const MiB = 1024 * 1024;
const sample = (containerId: string, cpuMs: number, isFrozen = false) => ({
  ...{ containerId, cpuMs, isFrozen },
  ownBytes: 30 * MiB,
});

describe('use between two looks', () => {
  it('is the CPU since then, and memory times time', () => {
    expect(meterUsage([sample('a', 1_000)], [sample('a', 1_500)], 60_000)).toEqual([
      { containerId: 'a', cpuMs: 500, memoryMiBSeconds: 1_800, awakeSeconds: 60, asleepSeconds: 0 },
    ]);
  });

  it('of a container that is new is all its CPU, and half the time', () => {
    expect(meterUsage([], [sample('a', 700)], 60_000)).toMatchObject([{ cpuMs: 700, awakeSeconds: 30 }]);
  });

  it('of one that was started again counts from 0, never backwards', () => {
    expect(meterUsage([sample('a', 9_000)], [sample('a', 200)], 1_000)).toMatchObject([{ cpuMs: 200 }]);
  });

  it('of one that sleeps is asleep; of one that is gone is nothing', () => {
    const used = meterUsage([sample('a', 5), sample('b', 5)], [sample('a', 5, true)], 2_000);
    expect(used).toMatchObject([{ containerId: 'a', cpuMs: 0, awakeSeconds: 0, asleepSeconds: 2 }]);
    expect(used).toHaveLength(1);
  });
});

it('costs by prices per hour', () => {
  expect(costOf({ cpuHours: 10, gibHours: 720 }, { cpuHour: 0.02, gibHour: 0.005 })).toBeCloseTo(3.8);
});
