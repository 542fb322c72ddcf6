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
 * among builds only. What the kernel does not have is noted, and the shares of the common cgroup stay Docker's.
 */
export async function yieldToApps(host: Host): Promise<void> {
  if (host.settings.buildsYield) await setIdle(host, true);
}

/** Where nothing is left builds would stand still: then, looked at every second, they have a fifth of what all apps have. */
export function keepBuildsGoing(host: Host): { stop: () => void } {
  if (!host.settings.buildsYield) return { stop: () => {} };
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
  const files = buildCpuFiles(host.facts, host.names);
  const write = (path: string, text: string) => writeFile(join(host.settings.cgroupRoot, path), text);
  try {
    await write(files.idle, isIdle ? '1' : '0');
    if (!isIdle) await write(files.weight.path, files.weight.fifth);
  } catch (error) {
    host.note('builds run beside apps, not behind them', { err: error });
  }
}

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
