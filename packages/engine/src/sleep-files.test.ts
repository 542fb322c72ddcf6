import { hostNames } from '@berth/domain/host-names';
import { expect, test } from 'vitest';
import type { HostFacts } from './host-facts.js';
import { sleepFiles, usageFiles } from './sleep-files.js';

const names = hostNames('test');
const id = 'ab'.repeat(32);
const host = { cgroupVersion: 1, cgroupDriver: 'cgroupfs', hasSwap: true, hasSwapLimit: true } as HostFacts;

test('cgroup v1 has a freezer hierarchy and reclaims by force_empty', () => {
  const group = `${names.cgroupParent}-apps/${id}`;
  expect(sleepFiles(host, names, id)).toEqual({
    freeze: { path: `freezer${group}/freezer.state`, value: 'FROZEN' },
    thaw: { path: `freezer${group}/freezer.state`, value: 'THAWED' },
    frozen: { path: `freezer${group}/freezer.state`, line: 'FROZEN' },
    pushOut: [{ path: `memory${group}/memory.force_empty`, value: '0' }],
  });
});

test('cgroup v2 freezes by one file, and lets a limited container into the swap for the length of the push', () => {
  const scope = `berth_${names.tag}_apps.slice/docker-${id}.scope`;
  const files = sleepFiles({ ...host, cgroupVersion: 2, cgroupDriver: 'systemd' }, names, id);
  expect(files.freeze).toEqual({ path: `${scope}/cgroup.freeze`, value: '1' });
  expect(files.frozen).toEqual({ path: `${scope}/cgroup.events`, line: 'frozen 1' });
  expect(files.pushOut?.map(({ path, value }) => `${path.slice(scope.length)} ${value}`)).toEqual([
    '/memory.swap.max max',
    '/memory.reclaim 64G',
    '/memory.swap.max 0',
  ]);
});

test('without swap nothing is pushed out', () => {
  expect(sleepFiles({ ...host, hasSwap: false }, names, id).pushOut).toBeUndefined();
});

test('containers are told by the names of their groups, whatever the driver', () => {
  const { containerId } = usageFiles(host, names);
  expect(containerId(id)).toBe(id);
  expect(containerId(`docker-${id}.scope`)).toBe(id);
  expect(containerId('cgroup.procs')).toBeUndefined();
});
