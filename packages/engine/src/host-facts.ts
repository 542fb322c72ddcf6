import type { HostNames } from '@berth/domain/host-names';

/**
 * What apps/host found out about its machine at start. Every choice that depends on the host is a pure function of
 * this record, tested for the kinds of host that are not at hand.
 */
export interface HostFacts {
  engineVersion: string;
  apiVersion: string;
  kernelVersion: string;
  cpus: number;
  cgroupVersion: 1 | 2;
  cgroupDriver: 'cgroupfs' | 'systemd';
  /** The kernel can limit swap per container. */
  hasSwapLimit: boolean;
  hasSwap: boolean;
  hasAppArmor: boolean;
  hasSeccomp: boolean;
  isRootless: boolean;
  isLiveRestoring: boolean;
  /** The engine has docker-init (tini) of its own. */
  hasInit: boolean;
  /** Nameservers of the host that a container can ask: no loopback ones. */
  resolvers: string[];
  /** CIDRs of the host's routes, the default route apart; our own bridges are among them. */
  routes: string[];
}

/** cgroupfs takes a path; systemd wants one slice, and a dash in its name would nest it. */
export function cgroupParent(facts: HostFacts, names: HostNames): string {
  return facts.cgroupDriver === 'systemd'
    ? `${names.cgroupParent.slice(1).replace('-', '_')}.slice`
    : names.cgroupParent;
}

/** Of apps: apart from builds, which all together give way to them. */
export function appsCgroupParent(facts: HostFacts, names: HostNames): string {
  const parent = cgroupParent(facts, names);
  return facts.cgroupDriver === 'systemd' ? parent.replace(/\.slice$/, '_apps.slice') : `${parent}-apps`;
}

export interface CounterFiles {
  /** Highest use so far, bytes; undefined where the kernel does not tell. */
  peak: string;
  /** Has a line `oom_kill <count>`. */
  events: string;
  /** Has a line `max <count>`: how often a fork was refused for the limit of processes. */
  pids: string;
}

/** Path of a container's group below one of our parents: `/berth-342e/<id>`. */
export function cgroupScope(facts: HostFacts, parent: string, containerId: string): string {
  return facts.cgroupDriver === 'systemd' ? `/${parent}/docker-${containerId}.scope` : `${parent}/${containerId}`;
}

/** Where the kernel's figures of a container below our parent are, from the cgroup mount's root. */
export function counterFiles(facts: HostFacts, names: HostNames, containerId: string): CounterFiles {
  const scope = cgroupScope(facts, cgroupParent(facts, names), containerId);
  return facts.cgroupVersion === 1
    ? {
        peak: `memory${scope}/memory.max_usage_in_bytes`,
        events: `memory${scope}/memory.oom_control`,
        pids: `pids${scope}/pids.events`,
      }
    : {
        peak: `${scope.slice(1)}/memory.peak`,
        events: `${scope.slice(1)}/memory.events`,
        pids: `${scope.slice(1)}/pids.events`,
      };
}

/** Files of our parent's CPU time, from the cgroup mount's root: below it are builds only. */
export interface BuildCpuFiles {
  /** 1: everything below gives way to all others. */
  idle: string;
  /** Against all apps together (Docker's own cgroup); `fifth` is a fifth of theirs, `normal` what Docker gives. */
  weight: { path: string; fifth: string; normal: string };
  /** The first number in it is the CPU time so far. */
  usage: { path: string; perSecond: number };
}

export function buildCpuFiles(facts: HostFacts, names: HostNames): BuildCpuFiles {
  const parent = cgroupParent(facts, names).replace(/^\//, '');
  return facts.cgroupVersion === 1
    ? {
        idle: `cpu/${parent}/cpu.idle`,
        weight: { path: `cpu/${parent}/cpu.shares`, fifth: '204', normal: '1024' },
        usage: { path: `cpuacct/${parent}/cpuacct.usage`, perSecond: 1e9 },
      }
    : {
        idle: `${parent}/cpu.idle`,
        weight: { path: `${parent}/cpu.weight`, fifth: '20', normal: '100' },
        usage: { path: `${parent}/cpu.stat`, perSecond: 1e6 },
      };
}

/**
 * Limits of memory as Docker takes them. Without MemorySwap Docker allows as much swap again (cgroup v1: memsw = 2 × m);
 * where the kernel cannot limit swap the field only makes a warning.
 */
export function memoryLimits(facts: HostFacts, bytes: number): { Memory: number; MemorySwap?: number } {
  return facts.hasSwapLimit ? { Memory: bytes, MemorySwap: bytes } : { Memory: bytes };
}

/** Who reaps and forwards signals in a container: the engine's docker-init, else the stack's own tini. */
export function initOf(facts: HostFacts): { Init: boolean; entrypoint: string[] } {
  return facts.hasInit ? { Init: true, entrypoint: [] } : { Init: false, entrypoint: ['/usr/bin/tini', '-g', '--'] };
}

/** Each way in which this host differs from what Berth would choose, with its effect: printed, never changed. */
export function hostWarnings(facts: HostFacts): string[] {
  const warnings = [];
  if (!facts.isLiveRestoring)
    warnings.push('Docker has no live-restore: a restart of Docker stops every app for some seconds.');
  if (!facts.hasSeccomp) warnings.push('Docker runs without seccomp: containers may use every system call.');
  if (facts.hasSwap && !facts.hasSwapLimit)
    warnings.push('The kernel does not limit swap: an app over its memory limit swaps instead of being ended.');
  if (facts.isRootless)
    warnings.push('Docker runs rootless: the firewall table and build disks need a Docker that runs as root.');
  if (!facts.hasInit) warnings.push('Docker has no docker-init: images must have /usr/bin/tini.');
  if (facts.resolvers.length === 0)
    warnings.push('No nameserver of this host can be asked from a container: builds will not find package registries.');
  return warnings;
}

/**
 * Nameservers of resolv.conf texts, the first text with any that is not on loopback (systemd-resolved's stub listens on
 * 127.0.0.53 of the host only, which no container can reach; its real servers are in a file of their own).
 */
export function resolversOf(resolvConfs: readonly string[]): string[] {
  for (const text of resolvConfs) {
    const all = [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].map((match) => match[1]!);
    const reachable = all.filter((address) => /^\d+\.\d+\.\d+\.\d+$/.test(address) && !address.startsWith('127.'));
    if (reachable.length > 0) return reachable;
  }
  return [];
}

/** CIDRs of /proc/net/route (destination and mask as little-endian hex), the default route left out. */
export function routesOf(procNetRoute: string): string[] {
  const cidrs = procNetRoute
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length >= 8 && fields[7] !== '00000000')
    .map((fields) => `${littleEndianAddress(fields[1]!)}/${prefixOf(fields[7]!)}`);
  return [...new Set(cidrs)];
}

/** `0100007F` → `127.0.0.1`: how /proc/net writes an IPv4 address on a little-endian machine. */
export function littleEndianAddress(hex: string): string {
  return [...Buffer.from(hex, 'hex')].reverse().join('.');
}

function prefixOf(maskHex: string): number {
  return Number.parseInt(maskHex, 16).toString(2).replaceAll('0', '').length;
}
