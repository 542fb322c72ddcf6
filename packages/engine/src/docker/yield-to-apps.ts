import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildCpuFiles } from '../host-facts.js';
import type { DockerHost } from './docker-host.js';
import { type CpuTimes, shareOfOthers } from './share-of-others.js';

type Host = Pick<DockerHost, 'facts' | 'names' | 'settings' | 'note'>;

const lookEveryMs = 1_000;
/** When all others take more than this part of the CPU time, builds get a weight until these take less again. */
const scarceFrom = 0.9;
const scarceTo = 0.8;

/**
 * Lets all builds together run in the CPU time that nothing else wants (cpu.idle of their common cgroup, Linux 5.15): whoever
 * wakes up beside them has the core at once, while shares alone let a build finish its slice first. Their own shares count
 * among builds only. A kernel without it gives all builds a fifth of what all apps have.
 */
export async function yieldToApps(host: Host): Promise<void> {
  if (host.settings.buildsYield) await setIdle(host, true);
}

/**
 * Where nothing is left builds would stand still: then, looked at every second, they have a fifth of what all apps have.
 * When builds are not to yield, what an earlier start has written is undone: the common cgroup outlives its jails.
 */
export function keepBuildsGoing(host: Host): { stop: () => void } {
  if (!host.settings.buildsYield) {
    void beAsDockerMakesIt(host);
    return { stop: () => {} };
  }
  let before: CpuTimes | undefined;
  let isScarce = false;
  const look = async () => {
    const now = await readTimes(host);
    const share = before && now && shareOfOthers(before, now);
    before = now;
    if (share === undefined) return;
    const wasScarce = isScarce;
    isScarce = share > (wasScarce ? scarceTo : scarceFrom);
    // Also when it was scarce: a jail that was made meanwhile has set it.
    if (isScarce || wasScarce) await setIdle(host, !isScarce);
  };
  const timer = setInterval(() => void look(), lookEveryMs);
  return { stop: () => clearInterval(timer) };
}

async function setIdle(host: Host, isIdle: boolean): Promise<void> {
  const { weight } = buildCpuFiles(host.facts, host.names);
  try {
    const hasIdle = await writeIdle(host, isIdle);
    if (!isIdle || !hasIdle) await put(host, weight.path, weight.fifth);
  } catch (error) {
    host.note('builds run beside apps, not behind them', { err: error });
  }
}

async function beAsDockerMakesIt(host: Host): Promise<void> {
  const { weight } = buildCpuFiles(host.facts, host.names);
  try {
    await writeIdle(host, false);
    await put(host, weight.path, weight.normal);
  } catch (error) {
    if (isMissing(error)) return; // there was no build yet
    host.note('builds still run behind apps', { err: error });
  }
}

/** False when the kernel has no cpu.idle. A weight can only be written where the cgroup is not idle. */
async function writeIdle(host: Host, isIdle: boolean): Promise<boolean> {
  try {
    await put(host, buildCpuFiles(host.facts, host.names).idle, isIdle ? '1' : '0');
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Never makes the file: the kernel's answer to that says less than that there is none. */
const put = ({ settings }: Host, path: string, text: string) =>
  writeFile(join(settings.cgroupRoot, path), text, { flag: 'r+' });

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** undefined: there was no build yet. */
async function readTimes({ facts, names, settings }: Host): Promise<CpuTimes | undefined> {
  const { usage } = buildCpuFiles(facts, names);
  try {
    const [stat, used] = await Promise.all([
      readFile('/proc/stat', 'utf8'),
      readFile(join(settings.cgroupRoot, usage.path), 'utf8'),
    ]);
    return { stat, buildsSeconds: Number(/\d+/.exec(used)?.[0]) / usage.perSecond };
  } catch {
    return undefined;
  }
}
