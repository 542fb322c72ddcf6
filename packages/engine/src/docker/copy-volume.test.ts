import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hostNames } from '@berth/domain/host-names';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HostFacts } from '../host-facts.js';
import { sleepFiles } from '../sleep-files.js';
import { endLeftCopies } from './copy-volume.js';
import type { DockerHost } from './docker-host.js';

const facts = { cgroupVersion: 2, cgroupDriver: 'systemd', hasSwap: false } as HostFacts;
const names = hostNames('test');
const [still, asleep] = ['ab'.repeat(32), 'cd'.repeat(32)];

let directory: string;
const removed: string[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'berth-copy-'));
  await mkdir(join(directory, 'volumes'));
  for (const id of [still, asleep]) {
    await mkdir(dirname(freezer(id)), { recursive: true });
    await writeFile(freezer(id), '1');
  }
});
afterEach(() => rm(directory, { recursive: true }));

const freezer = (id: string) => join(directory, sleepFiles(facts, names, id).freeze.path);
const host = () =>
  ({
    ...{ facts, names, settings: { cgroupRoot: directory, disksDirectory: directory } },
    docker: {
      listContainers: async () => [{ Id: 'writer' }],
      getContainer: (id: string) => ({ remove: async () => void removed.push(id) }),
    },
  }) as unknown as DockerHost;

test('what a killed host process left standing still for a copy goes on, and only that', async () => {
  await writeFile(join(directory, 'volumes/d_copy.img.draft.still'), `${still}\n${'0'.repeat(64)}\n${asleep.slice(9)}`);
  await endLeftCopies(host());
  expect(await readFile(freezer(still), 'utf8')).toBe('0');
  expect(await readFile(freezer(asleep), 'utf8')).toBe('1');
  expect(await readdir(join(directory, 'volumes'))).toEqual([]);
  expect(removed).toEqual(['writer']);
});

test('a host that has no volumes has nothing to end', async () => {
  await rm(join(directory, 'volumes'), { recursive: true });
  await endLeftCopies(host());
});
