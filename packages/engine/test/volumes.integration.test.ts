import { run } from '@berth/daemon/spawn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../daemon/test/until.js';
import { devicesOf } from '../src/docker/disks.js';
import type { GroupSpec } from '../src/interface.js';
import { MiB, never, openTestEngine, type TestEngine } from './open-engine.js';

const GiB = 1024 ** 3;

describe('volumes', () => {
  let engine: TestEngine;
  const keys = ['d_one', 'd_copy', 'd_other', 'd_half'];
  const imageOf = (key: string) => `${engine.settings.disksDirectory}/volumes/${key}.img`;
  const group = (rolloutId: string, key = 'd_one', more: Partial<GroupSpec> = {}) =>
    engine.group({ rolloutId, volumes: [{ key, path: '/data' }], ...more });
  const start = async (rolloutId: string, key?: string, more?: Partial<GroupSpec>) =>
    (await engine.release.startInstance(group(rolloutId, key, more), 1)).containerId;
  const sh = async (containerId: string, script: string) =>
    (await engine.inContainer(containerId, 'sh', '-c', `${script} 2>&1`)).stdout.trim();
  const remove = (rolloutId: string) => engine.release.removeInstance({ rolloutId, processType: 'web', index: 1 }, 0);

  beforeAll(async () => {
    engine = await openTestEngine();
    await engine.release.ensureNetwork({ environmentId: 'env-a', kind: 'stable' });
    for (let twice = 0; twice < 2; twice += 1) await engine.release.ensureVolume({ key: 'd_one', sizeBytes: GiB }); // a run after a kill changes nothing
  }, 120_000);
  afterAll(async () => {
    for (const { rolloutId } of (await engine?.release.listInstances()) ?? []) await remove(rolloutId);
    for (const key of keys) await engine?.release.removeVolume(key);
    await engine?.close();
  }, 60_000);

  it('belong to the app’s user, are shared by its instances, and kept from one to the next', async () => {
    const [one, two] = [await start('one'), await start('two')];
    expect(await sh(one, 'echo hello > /data/file && ls -A /data')).toBe('file');
    expect(await sh(two, 'cat /data/file')).toBe('hello');
    expect(await devicesOf(imageOf('d_one'))).toHaveLength(1);
    await remove('one');
    await remove('two');
    expect(await sh(await start('three'), 'cat /data/file')).toBe('hello');
    const lines: string[] = [];
    const spec = group('x', 'd_one', { command: 'cat /data/file' });
    const oneOff = { ...spec, processType: 'release', key: 'volumes', timeoutMs: 20_000 };
    await engine.release.runOneOff(oneOff, (text) => lines.push(text), never);
    expect(lines.join('').trim()).toBe('hello');
  }, 60_000);

  it('end at their size, take what is in them, and give back what is deleted', async () => {
    const id = await start('size');
    const bytes = async () => {
      const { disks } = await engine.release.measureDisk({ cacheKeys: [] });
      return disks.find(({ kind, name }) => kind === 'volume' && name === 'd_one')?.bytes ?? 0;
    };
    expect(await bytes()).toBeLessThan(64 * MiB);
    expect(await sh(id, 'fallocate -l 1100M /data/big')).toContain('No space left on device');
    await sh(id, 'dd if=/dev/zero of=/data/big bs=1M count=200 && sync -f /data');
    expect(await bytes()).toBeGreaterThan(200 * MiB);
    await sh(id, 'rm /data/big && sync -f /data');
    await until('it is given back', async () => (await bytes()) < 100 * MiB, 20_000);
  }, 60_000);

  it('are copied while the first is written to; each then is its own', async () => {
    const command = 'n=0; while :; do n=$((n + 1)); echo $n > /data/next && mv /data/next /data/n; sleep 0.02; done';
    const writer = await start('writer', 'd_one', { command });
    await until('it writes', async () => (await sh(writer, 'cat /data/n')) !== '');
    const bytes = await engine.release.ensureVolume({ key: 'd_copy', sizeBytes: GiB / 2, copyOf: 'd_one' });
    expect(bytes, 'as large as what it copies').toBe(GiB);
    const copy = await start('copy', 'd_copy');
    const copied = Number(await sh(copy, 'cat /data/n'));
    expect(copied).toBeGreaterThan(0);
    await until('the first goes on', async () => Number(await sh(writer, 'cat /data/n')) > copied);
    expect(await sh(copy, 'echo mine > /data/mine && cat /data/file')).toBe('hello');
    expect(await sh(writer, 'ls /data')).not.toContain('mine');
  }, 60_000);

  it('come back on whatever device there is', async () => {
    const id = await start('boot', 'd_copy');
    await sh(id, 'echo there > /data/there');
    await engine.docker.getContainer(id).kill();
    for (const status of await engine.release.listInstances())
      if (['copy', 'boot'].includes(status.rolloutId)) await remove(status.rolloutId);
    const [device = ''] = await devicesOf(imageOf('d_copy'));
    await run(['losetup', '--detach', device]); // as after a reboot
    await engine.release.ensureVolume({ key: 'd_other', sizeBytes: GiB });
    await start('other', 'd_other'); // takes that device
    expect(await sh(await start('again', 'd_copy'), 'cat /data/there')).toBe('there');
  }, 60_000);

  it('grow when no container runs that has them, with all that is in them, and never shrink', async () => {
    for (const { rolloutId } of await engine.release.listInstances()) await remove(rolloutId);
    const grow = (gib: number) => engine.release.growVolume({ key: 'd_one', sizeBytes: gib * GiB });
    const mib = async (id: string) => Number(await sh(id, 'df -m --output=size /data | tail -1'));
    const before = await start('small');
    expect(await mib(before)).toBeLessThan(1_024);
    expect(await grow(3), 'it is mounted').toBe(false);
    expect(await sh(before, 'echo more > /data/more && cat /data/file')).toBe('hello');
    await remove('small');
    await run(['truncate', '--size', String(2 * GiB), imageOf('d_one')]); // a try that was killed
    await until('the kernel has let go of the device', () => grow(3), 20_000);
    for (const gib of [3, 1]) expect(await grow(gib)).toBe(true);
    const after = await start('large');
    expect(await mib(after)).toBeGreaterThan(2_900);
    expect(await sh(after, 'cat /data/file /data/more && ls -A /data')).not.toContain('lost+found');
    expect(await sh(after, 'cat /data/more')).toBe('more');
    expect(await sh(after, 'fallocate -l 2000M /data/big && rm /data/big && echo fits')).toBe('fits');
    await remove('large');
    await until('it is free again', () => grow(3), 20_000);
    await run(['truncate', '--size', String(4 * GiB), imageOf('d_one')]); // a growth that was given up halfway, and is copied
    expect(await engine.release.ensureVolume({ key: 'd_half', sizeBytes: GiB, copyOf: 'd_one' })).toBe(4 * GiB);
    const half = await start('half', 'd_half');
    expect(await mib(half)).toBeGreaterThan(3_800);
    expect(await sh(half, 'cat /data/more && ls -A /data')).not.toContain('lost+found');
    await remove('half');
    await expect(grow(1e6)).rejects.toThrow(/is larger than what is free on the host's disk/);
    const both = await Promise.all([start('beside'), grow(3)]); // whichever is first, the other waits for it
    expect(await sh(both[0], 'cat /data/more')).toBe('more');
    await remove('beside');
    await start('last');
  }, 120_000);

  it('stay while a container has them, and leave nothing; one larger than the host is refused', async () => {
    expect(await engine.release.removeVolume('d_one')).toBe(false);
    for (const { rolloutId } of await engine.release.listInstances()) await remove(rolloutId);
    for (const key of [...keys, ...keys]) expect(await engine.release.removeVolume(key)).toBe(true);
    expect(await devicesOf(imageOf('d_one'))).toEqual([]);
    const { disks } = await engine.release.measureDisk({ cacheKeys: [] });
    expect(disks.filter(({ kind }) => kind === 'volume')).toEqual([]);
    const huge = engine.release.ensureVolume({ key: 'd_huge', sizeBytes: 1e15 });
    await expect(huge).rejects.toThrow(/is larger than what is free on the host's disk/);
  }, 60_000);
});
