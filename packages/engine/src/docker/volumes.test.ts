import { mkdir, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostNames } from '@berth/domain/host-names';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DockerHost } from './docker-host.js';
import { growVolume, volumeName, withVolumes } from './volumes.js';

/** losetup and e2fsck, as far as they are asked here: every disk is clean, and on no device until it is put on one. */
vi.mock('@berth/daemon/spawn', () => ({
  run: async (argv: readonly string[]) => {
    done.push(argv.slice(0, 2).join(' '));
    return { code: 0, stdout: Buffer.from(argv.includes('--show') ? '/dev/loop7\n' : ''), stderr: '' };
  },
}));

const names = hostNames('test');
const done: string[] = [];
let directory: string;
let running: { Id: string }[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'berth-volumes-'));
  await mkdir(join(directory, 'volumes'));
  for (const key of ['a', 'b']) await writeFile(join(directory, `volumes/${key}.img`), '');
  done.length = 0;
  running = [];
});
afterEach(() => rm(directory, { recursive: true }));

const host = () =>
  ({
    ...{ names, settings: { disksDirectory: directory } },
    docker: {
      listContainers: async () => {
        done.push('look who runs');
        return running;
      },
    },
  }) as unknown as DockerHost;
const mounts = (...keys: string[]) => ({ Mounts: keys.map((key) => ({ Name: volumeName({ names }, key) })) }) as never;

test('a volume that is to grow keeps its device until a container that is starting has it', async () => {
  let mount = () => {};
  const mounted = new Promise<void>((resolve) => {
    mount = resolve;
  });
  const starting = withVolumes(host(), mounts('a'), async () => {
    done.push('start');
    await mounted;
    running = [{ Id: 'it' }];
    done.push('started');
  });
  const growing = growVolume(host(), { key: 'a', sizeBytes: 1 });
  await vi.waitFor(() => expect(done).toContain('start'), 10_000);
  await sleep(20); // growth would look by now
  mount();
  await starting;
  expect(await growing).toBe(false);
  expect(done.slice(done.indexOf('start'))).toEqual(['start', 'started', 'look who runs']);
  expect(await readlink(join(directory, 'volumes/a.device'))).toBe('/dev/loop7');
});

test('a container that starts waits for a growth under way', async () => {
  const growing = growVolume(host(), { key: 'a', sizeBytes: 1 });
  await vi.waitFor(() => expect(done).toContain('look who runs'), 10_000);
  await withVolumes(host(), mounts('a'), async () => void done.push('start'));
  expect(await growing).toBe(true);
  const resized = done.indexOf(`resize2fs ${join(directory, 'volumes/a.img')}`);
  expect(resized).toBeGreaterThan(0);
  expect(resized).toBeLessThan(done.indexOf('losetup --find'));
  expect(done.at(-1)).toBe('start');
});

test('containers with the same volumes start one after the other, in whatever order they have them', async () => {
  let starts = 0;
  const start = (...keys: string[]) =>
    withVolumes(host(), mounts(...keys), async () => {
      starts += 1;
      expect(starts).toBe(1);
      await sleep(5);
      starts -= 1;
    });
  await Promise.all([start('a', 'b'), start('b', 'a', 'b'), start('a', 'b'), start('b')]);
  done.length = 0;
  await withVolumes(host(), mounts(), async () => void done.push('start'));
  expect(done).toEqual(['start']);
});

test('a container that does not start holds up no growth', async () => {
  const broken = withVolumes(host(), mounts('a', 'b'), async () => Promise.reject(new Error('no such image')));
  await expect(broken).rejects.toThrow('no such image');
  for (const key of ['a', 'b']) expect(await growVolume(host(), { key, sizeBytes: 1 })).toBe(true);
});
