import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { HostActivity, HostMemory, HostUsage, InstanceActivity, InstanceUsage } from '../host-usage.js';
import { sleepFiles, type UsageFiles, usageFiles } from '../sleep-files.js';
import type { DockerHost } from './docker-host.js';

/** Read in one go; other calls get their turn after so many, about 1 ms. */
const readInOneGo = 50;

/**
 * What the host has left, and what each container of an app, or each of these, has used. Files only, and read synchronously: one
 * takes the kernel some µs, while a way through Node's thread pool costs ten times that, and there are four for each of 900 apps.
 */
export async function readUsage(host: DockerHost, containerIds?: readonly string[]): Promise<HostUsage> {
  const wanted = containerIds && new Set(containerIds);
  const isWanted = (id: string) => wanted?.has(id) ?? true;
  return {
    ...readMemory(),
    containers: await readEach(host, (one) => (isWanted(one.id) ? readContainer(one) : undefined)),
  };
}

/** Which containers of apps stand still, and the CPU time of those that do not. */
export async function readActivity(host: DockerHost): Promise<HostActivity> {
  const containers = await readEach(host, (one): InstanceActivity | undefined => {
    const containerId = one.id;
    if (isFrozen(one)) return { containerId, isFrozen: true };
    const cpuMs = readCpu(one);
    return cpuMs === undefined ? undefined : { containerId, isFrozen: false, cpuMs };
  });
  return { ...readMemory(), containers };
}

/** A container's directory among those of all apps. */
interface Place {
  host: DockerHost;
  files: UsageFiles;
  name: string;
  id: string;
}

async function readEach<T>(host: DockerHost, readOne: (place: Place) => T | undefined): Promise<T[]> {
  const files = usageFiles(host.facts, host.names);
  const seen: T[] = [];
  for (const [at, name] of namesIn(join(host.settings.cgroupRoot, files.directory)).entries()) {
    const id = files.containerId(name);
    const one = id === undefined ? undefined : readOne({ host, files, name, id });
    if (one !== undefined) seen.push(one);
    if (at % readInOneGo === readInOneGo - 1) await setImmediate();
  }
  return seen;
}

/** None before the first app has run. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

const readMemory = () => parseMemory(readFileSync('/proc/meminfo', 'utf8'));

/** Bytes of /proc/meminfo, which has KiB. */
export function parseMemory(text: string): HostMemory {
  const of = (name: string) => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
  return {
    memory: { totalBytes: of('MemTotal'), availableBytes: of('MemAvailable') },
    swap: { totalBytes: of('SwapTotal'), freeBytes: of('SwapFree') },
  };
}

/** Undefined: it ended meanwhile. */
function readContainer(place: Place): InstanceUsage | undefined {
  const { host, files, name, id } = place;
  const own = files.ownMemory(name);
  const cpuMs = readCpu(place);
  const memory = read(host, files.memory(name));
  if (cpuMs === undefined || memory === undefined) return undefined;
  const counters = read(host, own.path) ?? '';
  const ownBytes = Number(new RegExp(`^${own.line} (\\d+)$`, 'm').exec(counters)?.[1] ?? 0);
  return { containerId: id, cpuMs, memoryBytes: Number(memory), ownBytes, isFrozen: isFrozen(place) };
}

function readCpu({ host, files, name }: Place): number | undefined {
  const { path, unit } = files.cpu(name);
  const text = read(host, path);
  if (text === undefined) return undefined;
  return unit === 'ns' ? Number(text) / 1e6 : Number(/^usage_usec (\d+)$/m.exec(text)?.[1] ?? 0) / 1e3;
}

function isFrozen({ host, id }: Place): boolean {
  const { frozen } = sleepFiles(host.facts, host.names, id);
  return read(host, frozen.path)?.split('\n').includes(frozen.line) ?? false;
}

function read({ settings }: DockerHost, path: string): string | undefined {
  try {
    return readFileSync(join(settings.cgroupRoot, path), 'utf8');
  } catch {
    return undefined;
  }
}
