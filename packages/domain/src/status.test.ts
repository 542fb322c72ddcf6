import { describe, expect, it } from 'vitest';
import { buildStatus, instanceState, rebaseAppStatus, rebaseStatus, releaseStatus, rolloutStatus } from './status.js';

describe('status tables', () => {
  it('have no way out of a terminal status, and a way to each status but the first', () => {
    for (const table of [buildStatus, releaseStatus, rolloutStatus, instanceState, rebaseStatus, rebaseAppStatus]) {
      const [first, ...rest] = table.all;
      expect(table.isTerminal(first as never)).toBe(false);
      for (const status of rest) expect(table.mayMoveTo(status as never).length).toBeGreaterThan(0);
      for (const from of table.all.filter((s) => table.isTerminal(s as never)))
        for (const to of table.all) expect(table.mayMoveTo(to as never)).not.toContain(from);
    }
  });

  it('let no finished build run again', () => {
    expect(buildStatus.mayMoveTo('running')).toEqual(['pending']);
    expect(buildStatus.mayMoveTo('succeeded')).toEqual(['running']);
  });
});
