import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { counterFiles } from '../host-facts.js';
import type { DockerHost } from './docker-host.js';

/** What the kernel counted for a container since its start; null where it cannot be read. */
export interface Counters {
  /** Processes killed for memory. */
  oomKills: number | null;
  peakBytes: number | null;
  /** Forks and threads refused for the limit of processes. */
  refusedForks: number | null;
}

/** What the kernel counted for a running container. */
export async function readCounters(host: DockerHost, containerId: string): Promise<Counters> {
  const files = counterFiles(host.facts, host.names, containerId);
  const read = (path: string) => readFile(join(host.settings.cgroupRoot, path), 'utf8').catch(() => '');
  const [events, peak, pids] = await Promise.all([read(files.events), read(files.peak), read(files.pids)]);
  const count = (text: string, pattern: RegExp) => {
    const found = pattern.exec(text)?.[1];
    return found === undefined ? null : Number(found);
  };
  return {
    oomKills: count(events, /^oom_kill (\d+)$/m),
    peakBytes: count(peak, /^(\d+)/),
    refusedForks: count(pids, /^max (\d+)$/m),
  };
}
