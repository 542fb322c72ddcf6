import { describe, expect, it } from 'vitest';
import { shareOfOthers } from './share-of-others.js';

/** user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice. */
const at = (ticks: number[], buildsSeconds: number) => ({
  stat: `cpu  ${[...ticks, 0, 0].join(' ')}\ncpu0 1 1 1 1 1 1 1 1 0 0\n`,
  buildsSeconds,
});
const start = at([1000, 0, 500, 9000, 100, 0, 50, 0], 30);

describe('the CPU time that all but builds took', () => {
  it('is nothing on a host that only builds, though no core is idle', () => {
    expect(shareOfOthers(start, at([1190, 0, 510, 9000, 100, 0, 50, 0], 32))).toBe(0);
  });

  it('is everything when apps leave nothing', () => {
    expect(shareOfOthers(start, at([1150, 0, 550, 9000, 100, 0, 50, 0], 30))).toBe(1);
  });

  it('is what is neither idle, nor waiting for a disk, nor of builds', () => {
    expect(shareOfOthers(start, at([1100, 0, 500, 9080, 120, 0, 50, 0], 30.5))).toBeCloseTo(0.25);
  });

  it('is nothing between two looks in the same tick', () => {
    expect(shareOfOthers(start, start)).toBe(0);
  });
});
