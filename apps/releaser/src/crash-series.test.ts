import { describe, expect, it } from 'vitest';
import { CrashSeries, pauseAfter } from './crash-series.js';

const key = { rolloutId: 'r', processType: 'web', index: 1 };

describe('CrashSeries', () => {
  it('waits 1 s after the first crash, twice as long after each further one, 5 min at the most', () => {
    expect([1, 2, 3, 9, 10, 40].map(pauseAfter)).toEqual([1_000, 2_000, 4_000, 256_000, 300_000, 300_000]);
  });

  it('lets a restart pass when the pause is over', () => {
    const series = new CrashSeries();
    expect(series.mayStart(key, 0)).toBe(true);
    series.noteCrash(key, 0);
    expect([series.mayStart(key, 999), series.mayStart(key, 1_000)]).toEqual([false, true]);
    series.noteStart(key, 1_000);
    series.noteCrash(key, 1_500);
    expect([series.mayStart(key, 3_000), series.mayStart(key, 3_500)]).toEqual([false, true]);
    expect(series.nextStartAt(2_000)).toBe(3_500);
  });

  it('starts anew after a good run', () => {
    const series = new CrashSeries();
    for (const at of [0, 1_000, 3_000]) series.noteCrash(key, at);
    series.noteStart(key, 7_000);
    series.noteCrash(key, 70_000);
    expect(series.mayStart(key, 71_000)).toBe(true);
  });
});
