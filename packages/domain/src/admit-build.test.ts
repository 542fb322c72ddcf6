import { describe, expect, it } from 'vitest';
import { admitBuild, expectedBuildMemory } from './admit-build.js';

const MiB = 1024 * 1024;
const of = (teamId: string, MiBs = 500) => ({ teamId, memoryBytes: MiBs * MiB });
const host = { freeBytes: 2_000 * MiB, headroomBytes: 500 * MiB };

describe('a build may start', () => {
  it('when it would be alone, whatever is free', () => {
    const queue = { build: of('a', 4_000), running: [], waiting: [{ teamId: 'b' }] };
    expect(admitBuild(queue, { ...host, freeBytes: 0 })).toEqual({ isAdmitted: true });
  });

  it('beside others while memory for all of them is free, and some is left', () => {
    const queue = (memory: number) => ({ build: of('a', memory), running: [of('b', 700)], waiting: [] });
    expect(admitBuild(queue(800), host)).toEqual({ isAdmitted: true });
    expect(admitBuild(queue(801), host)).toEqual({
      isAdmitted: false,
      because: 'it is expected to take 801 MiB of memory, and beside the running builds and the apps 800 MiB are free',
    });
  });

  it('not before one of a team that has fewer running', () => {
    const running = [of('a', 10)];
    const waiting = [{ teamId: 'a' }, { teamId: 'b' }];
    expect(admitBuild({ build: of('a', 10), running, waiting }, host)).toMatchObject({ isAdmitted: false });
    expect(admitBuild({ build: of('b', 10), running, waiting }, host)).toEqual({ isAdmitted: true });
    expect(admitBuild({ build: of('a', 10), running, waiting: [{ teamId: 'a' }] }, host)).toEqual({ isAdmitted: true });
  });

  it('by the peaks of the last builds of its app, at most by its limit', () => {
    expect(expectedBuildMemory([], 2_048 * MiB)).toBe(768 * MiB);
    expect(expectedBuildMemory([100 * MiB, 400 * MiB], 2_048 * MiB)).toBe(500 * MiB);
    expect(expectedBuildMemory([2_000 * MiB], 2_048 * MiB)).toBe(2_048 * MiB);
  });
});
