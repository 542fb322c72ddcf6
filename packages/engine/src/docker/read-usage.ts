import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { HostUsage, InstanceUsage } from '../host-usage.js';
import { sleepFiles, type UsageFiles, usageFiles } from '../sleep-files.js';
import type { DockerHost } from './docker-host.js';

/** Read in one go; other calls get their turn after so many, about 1 ms. */
const readInOneGo = 50;

/**
 * What the host has left, and what each container of an app, or each of these, has used. Files only, and read synchronously: one
 * takes the kernel some µs, while a way through Node's thread pool costs ten times that, and there are four for each of 900 apps.
 */
export async function readUsage(host: DockerHost, containerIds?: readonly string[]): Promise<HostUsage> {
  const files = usageFiles(host.facts, host.names);
  const wanted = containerIds && new Set(containerIds);
  const containers: InstanceUsage[] = [];
  for (const [at, name] of namesIn(join(host.settings.cgroupRoot, files.directory)).entries()) {
    const containerId = files.containerId(name);
    if (!containerId || wanted?.has(containerId) === false) continue;
    const usage = readContainer(host, files, name, containerId);
    if (usage) containers.push(usage);
    if (at % readInOneGo === readInOneGo - 1) await setImmediate();
  }
  return { ...parseMemory(readFileSync('/proc/meminfo', 'utf8')), containers };
}

/** None before the first app has run. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Bytes of /proc/meminfo, which has KiB. */
export function parseMemory(text: string): Pick<HostUsage, 'memory' | 'swap'> {
  const of = (name: string) => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
  return {
    memory: { totalBytes: of('MemTotal'), availableBytes: of('MemAvailable') },
    swap: { totalBytes: of('SwapTotal'), freeBytes: of('SwapFree') },
  };
}

/** Undefined: it ended meanwhile. */
function readContainer(host: DockerHost, files: UsageFiles, name: string, id: string): InstanceUsage | undefined {
  const { cgroupRoot } = host.settings;
  const { path, unit } = files.cpu(name);
  const own = files.ownMemory(name);
  const { frozen } = sleepFiles(host.facts, host.names, id);
  const cpu = read(cgroupRoot, path);
  const memory = read(cgroupRoot, files.memory(name));
  if (cpu === undefined || memory === undefined) return undefined;
  const cpuMs = unit === 'ns' ? Number(cpu) / 1e6 : Number(/^usage_usec (\d+)$/m.exec(cpu)?.[1] ?? 0) / 1e3;
  const counters = read(cgroupRoot, own.path) ?? '';
  const ownBytes = Number(new RegExp(`^${own.line} (\\d+)$`, 'm').exec(counters)?.[1] ?? 0);
  const isFrozen = read(cgroupRoot, frozen.path)?.split('\n').includes(frozen.line) ?? false;
  return { containerId: id, cpuMs, memoryBytes: Number(memory), ownBytes, isFrozen };
}

function read(cgroupRoot: string, path: string): string | undefined {
  try {
    return readFileSync(join(cgroupRoot, path), 'utf8');
  } catch {
    return undefined;
  }
}
