import { hostNames } from '@berth/domain/host-names';
import { describe, expect, it } from 'vitest';
import {
  buildCpuFiles,
  cgroupParent,
  counterFiles,
  type HostFacts,
  hostWarnings,
  initOf,
  memoryLimits,
  resolversOf,
  routesOf,
} from './host-facts.js';

const names = hostNames('berth');
const best: HostFacts = {
  engineVersion: '28.0.0',
  apiVersion: '1.48',
  kernelVersion: '6.12',
  cpus: 8,
  cgroupVersion: 2,
  cgroupDriver: 'systemd',
  hasSwapLimit: true,
  hasSwap: false,
  hasAppArmor: true,
  hasSeccomp: true,
  isRootless: false,
  isLiveRestoring: true,
  hasInit: true,
  resolvers: ['192.0.2.53'],
  routes: [],
};
const id = 'c0ffee';

describe('choices that depend on the host', () => {
  it('find the memory figures for each cgroup version and driver', () => {
    const parent = names.cgroupParent;
    expect(counterFiles({ ...best, cgroupVersion: 1, cgroupDriver: 'cgroupfs' }, names, id)).toEqual({
      peak: `memory${parent}/${id}/memory.max_usage_in_bytes`,
      events: `memory${parent}/${id}/memory.oom_control`,
      pids: `pids${parent}/${id}/pids.events`,
    });
    expect(counterFiles({ ...best, cgroupDriver: 'cgroupfs' }, names, id).peak).toBe(
      `${parent.slice(1)}/${id}/memory.peak`,
    );
    const slice = `berth_${names.tag}.slice`;
    expect(counterFiles(best, names, id)).toEqual({
      peak: `${slice}/docker-${id}.scope/memory.peak`,
      events: `${slice}/docker-${id}.scope/memory.events`,
      pids: `${slice}/docker-${id}.scope/pids.events`,
    });
    expect(counterFiles({ ...best, cgroupVersion: 1 }, names, id).events).toBe(
      `memory/${slice}/docker-${id}.scope/memory.oom_control`,
    );
  });

  it('find what makes all builds give way, for each cgroup version and driver', () => {
    const slice = `berth_${names.tag}.slice`;
    expect(buildCpuFiles({ ...best, cgroupVersion: 1, cgroupDriver: 'cgroupfs' }, names).idle).toBe(
      `cpu${names.cgroupParent}/cpu.idle`,
    );
    expect(buildCpuFiles({ ...best, cgroupVersion: 1 }, names).idle).toBe(`cpu/${slice}/cpu.idle`);
    expect(buildCpuFiles({ ...best, cgroupDriver: 'cgroupfs' }, names).idle).toBe(
      `${names.cgroupParent.slice(1)}/cpu.idle`,
    );
    expect(buildCpuFiles(best, names).idle).toBe(`${slice}/cpu.idle`);
  });

  it('name the cgroup parent as its driver wants it: a path, or one slice that is not nested', () => {
    expect(cgroupParent({ ...best, cgroupDriver: 'cgroupfs' }, names)).toBe(names.cgroupParent);
    expect(cgroupParent(best, names)).toMatch(/^[a-z0-9_]+\.slice$/);
    expect(cgroupParent(best, hostNames('my-berth'))).not.toContain('-');
  });

  it('limit memory and swap together where the kernel can', () => {
    expect(memoryLimits(best, 100)).toEqual({ Memory: 100, MemorySwap: 100 });
    expect(memoryLimits({ ...best, hasSwapLimit: false }, 100)).toEqual({ Memory: 100 });
  });

  it("take docker-init when there is one, else the stack's tini", () => {
    expect(initOf(best)).toEqual({ Init: true, entrypoint: [] });
    expect(initOf({ ...best, hasInit: false })).toEqual({ Init: false, entrypoint: ['/usr/bin/tini', '-g', '--'] });
  });

  it('say every difference with its effect, and nothing on a good host', () => {
    expect(hostWarnings(best)).toEqual([]);
    const worst = {
      ...best,
      isLiveRestoring: false,
      hasSeccomp: false,
      hasSwap: true,
      hasSwapLimit: false,
      isRootless: true,
      hasInit: false,
      resolvers: [],
    };
    expect(hostWarnings(worst)).toMatchSnapshot();
  });

  it('ask no nameserver on loopback: behind systemd-resolved its real servers are taken', () => {
    const stub = 'nameserver 127.0.0.53\noptions edns0\n';
    const real = '# comment\nnameserver 10.0.0.2\nnameserver fe80::1\nnameserver 10.0.0.3\n';
    expect(resolversOf([stub, real])).toEqual(['10.0.0.2', '10.0.0.3']);
    expect(resolversOf([real, ''])).toEqual(['10.0.0.2', '10.0.0.3']);
    expect(resolversOf([stub, ''])).toEqual([]);
  });

  it("read the host's routes", () => {
    const text = [
      'Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT',
      'eth0 00000000 010200C0 0003 0 0 0 00000000 0 0 0',
      'eth0 000200C0 00000000 0001 0 0 0 00FFFFFF 0 0 0',
      'docker0 000011AC 00000000 0001 0 0 0 0000FFFF 0 0 0',
      '',
    ].join('\n');
    expect(routesOf(text)).toEqual(['192.0.2.0/24', '172.17.0.0/16']);
  });
});
