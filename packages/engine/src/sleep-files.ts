import type { HostNames } from '@berth/domain/host-names';
import { appsCgroupParent, cgroupScope, type HostFacts } from './host-facts.js';

/** One value into one file of the cgroup file system. */
export interface CgroupWrite {
  path: string;
  value: string;
}

/** How a container is frozen, thawed and pushed out, as paths from the cgroup mount's root. */
export interface SleepFiles {
  freeze: CgroupWrite;
  thaw: CgroupWrite;
  /** All its processes stand still when this file has a line that begins so. */
  frozen: { path: string; line: string };
  /** Reclaims its memory, in this order; undefined: the host has no swap to put it into. */
  pushOut: CgroupWrite[] | undefined;
}

/**
 * cgroup v1: a freezer hierarchy, and force_empty, which reclaims all that it can. v2: one file of the container's group, and
 * memory.reclaim (kernel 5.19), which says EAGAIN when it got less than was asked for. There Docker gives a container that has a
 * memory limit no swap at all, so it is let in for the length of the push. Source: kernel documentation, admin-guide/cgroup-v1/
 * freezer-subsystem and memory, admin-guide/cgroup-v2.
 */
export function sleepFiles(facts: HostFacts, names: HostNames, containerId: string): SleepFiles {
  const scope = cgroupScope(facts, appsCgroupParent(facts, names), containerId);
  const pushOut = (writes: CgroupWrite[]) => (facts.hasSwap ? writes : undefined);
  if (facts.cgroupVersion === 1) {
    const path = `freezer${scope}/freezer.state`;
    return {
      freeze: { path, value: 'FROZEN' },
      thaw: { path, value: 'THAWED' },
      frozen: { path, line: 'FROZEN' },
      pushOut: pushOut([{ path: `memory${scope}/memory.force_empty`, value: '0' }]),
    };
  }
  const file = (name: string) => `${scope.slice(1)}/${name}`;
  const swap = (value: string): CgroupWrite[] => (facts.hasSwapLimit ? [{ path: file('memory.swap.max'), value }] : []);
  return {
    freeze: { path: file('cgroup.freeze'), value: '1' },
    thaw: { path: file('cgroup.freeze'), value: '0' },
    frozen: { path: file('cgroup.events'), line: 'frozen 1' },
    pushOut: pushOut([...swap('max'), { path: file('memory.reclaim'), value: '64G' }, ...swap('0')]),
  };
}

/** Where the use of all containers of apps stands: a directory that has one directory for each. */
export interface UsageFiles {
  directory: string;
  /** CPU time since its start: nanoseconds, or the line `usage_usec <microseconds>`. */
  cpu: (directoryName: string) => { path: string; unit: 'ns' | 'usec' };
  memory: (directoryName: string) => string;
  /** A file of counters, and the name of the line with the memory of its own, bytes. */
  ownMemory: (directoryName: string) => { path: string; line: string };
  containerId: (directoryName: string) => string | undefined;
}

/** Files, since `docker stats` waits a second for its own tick. */
export function usageFiles(facts: HostFacts, names: HostNames): UsageFiles {
  const parent = appsCgroupParent(facts, names).replace(/^\//, '');
  const containerId = (name: string) => /^(?:docker-)?([0-9a-f]{64})(?:\.scope)?$/.exec(name)?.[1];
  return facts.cgroupVersion === 1
    ? {
        directory: `cpuacct/${parent}`,
        cpu: (name) => ({ path: `cpuacct/${parent}/${name}/cpuacct.usage`, unit: 'ns' }),
        memory: (name) => `memory/${parent}/${name}/memory.usage_in_bytes`,
        ownMemory: (name) => ({ path: `memory/${parent}/${name}/memory.stat`, line: 'rss' }),
        containerId,
      }
    : {
        directory: parent,
        cpu: (name) => ({ path: `${parent}/${name}/cpu.stat`, unit: 'usec' }),
        memory: (name) => `${parent}/${name}/memory.current`,
        ownMemory: (name) => ({ path: `${parent}/${name}/memory.stat`, line: 'anon' }),
        containerId,
      };
}
