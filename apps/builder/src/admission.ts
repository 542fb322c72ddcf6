import { readFile } from 'node:fs/promises';
import { admitBuild } from '@berth/domain/admit-build';
import { NotYetError } from '@berth/jobs/not-yet';
import { appendOutput } from '@berth/logs/output';
import { readBuildQueue } from '@berth/platform/builds/read-build-queue';
import type { Builder } from './builder.js';

/** How soon a build that may not start yet asks again, ms. */
const againMs = 1_000;

export interface Admission {
  /**
   * Runs `start` as soon as the build may (domain/admit-build), one build at a time, so that two do not count on the same
   * memory. Throws NotYetError when it may not; who pushed is told why, once per reason.
   */
  admit: <T>(buildId: string, start: () => Promise<T>) => Promise<T>;
}

export function openAdmission(
  { platform, limits }: Pick<Builder, 'platform' | 'limits'>,
  freeMemory: () => Promise<number> = readFreeMemory,
): Admission {
  let last: Promise<unknown> = Promise.resolve();
  const told = new Map<string, string>();
  const check = async (buildId: string) => {
    const queue = await readBuildQueue(platform, { buildId, limitBytes: limits.jail.memoryBytes });
    if (!queue) return void told.delete(buildId); // it ran before and its builder was killed, or it is over: startBuild says
    const host = { freeBytes: await freeMemory(), headroomBytes: limits.headroomBytes };
    const admission = admitBuild(queue, host);
    if (admission.isAdmitted) return void told.delete(buildId);
    const kind = admission.because.replace(/\d+/g, '');
    if (told.get(buildId) !== kind) {
      told.set(buildId, kind);
      const text = `-----> Waiting: ${admission.because}.\n`;
      await appendOutput(platform.redis, platform.instance, { noun: 'build', id: buildId }, text).catch(() => {});
    }
    throw new NotYetError(`build ${buildId} waits: ${admission.because}`, againMs);
  };
  return {
    admit: (buildId, start) => {
      const turn = last.then(async () => {
        await check(buildId);
        return start();
      });
      last = turn.catch(() => {});
      return turn;
    },
  };
}

/** Bytes that programs can get without swapping, as the kernel estimates (proc(5), MemAvailable). */
async function readFreeMemory(): Promise<number> {
  const text = await readFile('/proc/meminfo', 'utf8');
  return Number(/^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}
