import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { memoryFiles } from '../host-facts.js';
import type { DockerHost } from './docker-host.js';

export interface MemoryFigures {
  /** Processes killed for memory since the container's start; null when the cgroup cannot be read. */
  oomKills: number | null;
  peakBytes: number | null;
}

/** What the kernel counted for a running container. */
export async function readMemoryFigures(host: DockerHost, containerId: string): Promise<MemoryFigures> {
  const files = memoryFiles(host.facts, host.names, containerId);
  const read = (path: string) => readFile(join(host.settings.cgroupRoot, path), 'utf8').catch(() => '');
  const [events, peak] = await Promise.all([read(files.events), read(files.peak)]);
  const kills = /^oom_kill (\d+)$/m.exec(events)?.[1];
  return {
    oomKills: kills === undefined ? null : Number(kills),
    peakBytes: /^\d+/.test(peak) ? Number.parseInt(peak, 10) : null,
  };
}
