import { describe, expect, it } from 'vitest';
import { checkQuota, quota } from './quota.js';

const taken = { apps: 3, environments: 1, memoryMiB: 1_536, cpus: 1.5, diskMiB: 900 };

describe('a quota', () => {
  it('without limits refuses nothing', () => {
    expect(() => checkQuota('Team a', {}, taken, { apps: 1_000, memoryMiB: 1e9 })).not.toThrow();
  });

  it('lets in what just fits, and says of everything else what is missing', () => {
    const limits = { apps: 4, memoryMiB: 2_048, cpus: 2 };
    expect(() => checkQuota('Team a', limits, taken, { apps: 1, memoryMiB: 512, cpus: 0.5 })).not.toThrow();
    expect(() => checkQuota('Team a', limits, taken, { apps: 2, memoryMiB: 1_024, cpus: 0.5 })).toThrow(
      'Team a is at its quota: 3 of 4 apps are taken and 2 more are asked for; 1536 of 2048 MiB of memory are taken and 1024 more are asked for.',
    );
  });

  it('that was lowered below what is taken stops growth only', () => {
    expect(() => checkQuota('Team a', { apps: 1 }, taken, { apps: 0, memoryMiB: 512 })).not.toThrow();
    expect(() => checkQuota('Team a', { apps: 1 }, taken, { apps: 1 })).toThrow(/at its quota/);
  });

  it('has no other names and nothing below zero', () => {
    expect(quota.safeParse({ pods: 1 }).success).toBe(false);
    expect(quota.safeParse({ apps: -1 }).success).toBe(false);
  });
});
