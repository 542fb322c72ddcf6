import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostUsage, InstanceUsage } from '../host-usage.js';
import { sleepFiles, type UsageFiles, usageFiles } from '../sleep-files.js';
import type { DockerHost } from './docker-host.js';
import { isFrozen } from './freezer.js';

/** What the host has left, and what each container of an app has used: files only, some ms for hundreds. */
export async function readUsage(host: DockerHost): Promise<HostUsage> {
  const files = usageFiles(host.facts, host.names);
  const [memory, names] = await Promise.all([
    readFile('/proc/meminfo', 'utf8'),
    readdir(join(host.settings.cgroupRoot, files.directory)).catch(() => []),
  ]);
  const found = await Promise.all(names.map((name) => readContainer(host, files, name)));
  return { ...parseMemory(memory), containers: found.filter((one) => one !== undefined) };
}

/** Bytes of /proc/meminfo, which has KiB. */
export function parseMemory(text: string): Pick<HostUsage, 'memory' | 'swap'> {
  const of = (name: string) => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
  return {
    memory: { totalBytes: of('MemTotal'), availableBytes: of('MemAvailable') },
    swap: { totalBytes: of('SwapTotal'), freeBytes: of('SwapFree') },
  };
}

async function readContainer(host: DockerHost, files: UsageFiles, name: string): Promise<InstanceUsage | undefined> {
  const containerId = files.containerId(name);
  if (!containerId) return undefined;
  const read = (path: string) => readFile(join(host.settings.cgroupRoot, path), 'utf8').catch(() => undefined);
  const { path, unit } = files.cpu(name);
  const own = files.ownMemory(name);
  const [cpu, memory, counters = '', frozen] = await Promise.all([
    read(path),
    read(files.memory(name)),
    read(own.path),
    isFrozen(host, sleepFiles(host.facts, host.names, containerId)),
  ]);
  if (cpu === undefined || memory === undefined) return undefined; // it ended meanwhile
  const cpuMs = unit === 'ns' ? Number(cpu) / 1e6 : Number(/^usage_usec (\d+)$/m.exec(cpu)?.[1] ?? 0) / 1e3;
  const ownBytes = Number(new RegExp(`^${own.line} (\\d+)$`, 'm').exec(counters)?.[1] ?? 0);
  return { containerId, cpuMs, memoryBytes: Number(memory), ownBytes, isFrozen: frozen };
}
