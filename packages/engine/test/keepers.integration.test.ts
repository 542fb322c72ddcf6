import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../daemon/test/until.js';
import type { DockerHost } from '../src/docker/docker-host.js';
import { InstanceList } from '../src/docker/instance-status.js';
import { lookAfterKeepers } from '../src/docker/keep-layers.js';
import { labelFilter } from '../src/docker/labels.js';
import { MiB, openTestEngine, type TestEngine } from './open-engine.js';

let engine: TestEngine;
/** As on a host that has a swap. */
let host: DockerHost;
let imageId: string;

beforeAll(async () => {
  engine = await openTestEngine();
  host = { ...engine.host, facts: { ...engine.host.facts, hasSwap: true } };
  imageId = await importImage();
});
afterAll(async () => {
  for (const { Id } of await keepers()) await engine.docker.getContainer(Id).remove({ force: true });
  await engine.docker
    .getImage(imageId)
    .remove({ force: true })
    .catch(() => {});
  await engine.close();
});

/** One layer, which says that it is a runtime. Its bytes are this run's own: no other image shares it. */
async function importImage(): Promise<string> {
  const tar = pack();
  const bytes = Buffer.alloc(8 * MiB, engine.settings.instance);
  tar.entry({ name: 'usr/lib/libshared one.so.1', mode: 0o644 }, bytes);
  tar.entry({ name: 'opt/program', mode: 0o755 }, bytes);
  tar.entry({ name: 'opt/data', mode: 0o644 }, Buffer.alloc(64 * MiB, engine.settings.instance));
  tar.finalize();
  const repo = `${engine.settings.instance}/runtime`;
  const changes = ['LABEL berth.layers=runtime', 'LABEL berth.runtime=test@1.0'];
  const options = { repo, tag: 'latest', changes };
  const answer: unknown = await engine.docker.importImage(tar as never, options); // typed for callbacks only
  await new Promise<void>((resolve, reject) =>
    engine.docker.modem.followProgress(answer as NodeJS.ReadableStream, (error) => (error ? reject(error) : resolve())),
  );
  return (await engine.docker.getImage(`${repo}:latest`).inspect()).Id;
}

const keepers = (): Promise<Docker.ContainerInfo[]> =>
  engine.docker.listContainers({ all: true, filters: labelFilter(engine.host, 'keeper') });

const look = (...images: string[]) => lookAfterKeepers(host, new Map(images.map((id) => [id, 1])));

/** File pages that the kernel charges a container: `cache` in cgroup v1, `file` in v2. */
async function heldBytes(id: string): Promise<number> {
  const { memory_stats } = await engine.docker.getContainer(id).stats({ stream: false });
  const stats = memory_stats.stats as Record<string, number>;
  return stats.file ?? stats.cache ?? 0;
}

it('holds the shared files of a layer that runs, is made again when it is killed, and never twice', async () => {
  await look(imageId);
  const [first, ...others] = await keepers();
  expect(others).toEqual([]);
  expect(first).toMatchObject({ State: 'running' });
  expect(first?.Names[0]).toMatch(new RegExp(`^/${engine.settings.instance}-keeper-test-1.0-`));
  const { HostConfig } = await engine.docker.getContainer(first!.Id).inspect();
  expect(HostConfig).toMatchObject({ NetworkMode: 'none', CapDrop: ['ALL'], ReadonlyRootfs: true, Memory: 256 * MiB });

  // As after a restart of the host: what the import left in memory is written and dropped.
  const drop =
    'cd /layer && for file in "usr/lib/libshared one.so.1" opt/program opt/data; do sync "$file" && dd if="$file" iflag=nocache count=0; done';
  expect(await engine.inContainer(first!.Id, 'sh', '-c', drop)).toMatchObject({ exitCode: 0 });
  await engine.docker.getContainer(first!.Id).kill();
  await until('it has ended', async () => (await keepers())[0]?.State === 'exited');
  await look(imageId);
  const [second, ...more] = await keepers();
  expect(more).toEqual([]);
  expect(second).toMatchObject({ State: 'running' });
  expect(second?.Id).not.toBe(first?.Id);
  await until('it holds the library and the program', async () => (await heldBytes(second!.Id)) >= 16 * MiB);
  expect(await heldBytes(second!.Id)).toBeLessThan(64 * MiB); // not the data

  // Another host process, after the first was killed, and two at a time.
  await Promise.all([look(imageId), look(imageId)]);
  expect((await keepers()).map(({ Id }) => Id)).toEqual([second?.Id]);
}, 120_000);

it('two host processes at a time make one', async () => {
  for (const { Id } of await keepers()) await engine.docker.getContainer(Id).remove({ force: true });
  await Promise.all([look(imageId), look(imageId)]);
  await until('one runs', async () => {
    await look(imageId);
    const found = await keepers();
    return found.length === 1 && found[0]?.State === 'running';
  });
}, 60_000);

it('is none where apps hold the files themselves, and none for images that do not say what they share', async () => {
  await lookAfterKeepers({ ...host, facts: { ...host.facts, hasSwap: false } }, new Map([[imageId, 1]]));
  expect(await keepers()).toEqual([]);
  const { Id: platform } = await engine.docker.getImage(engine.settings.platformImage).inspect();
  await look(platform, `sha256:${'0'.repeat(64)}`);
  expect(await keepers()).toEqual([]);
}, 60_000);

it('goes with the last app of its layer, and never keeps an image from being removed', async () => {
  await look(imageId);
  expect(await keepers()).toHaveLength(1);
  await engine.docker.getImage(imageId).remove({ force: true });
  await expect(engine.docker.getImage(imageId).inspect()).rejects.toMatchObject({ statusCode: 404 });
  await look();
  expect(await keepers()).toEqual([]);
}, 60_000);

it('knows what runs by the list of all instances', async () => {
  const instances = new InstanceList(engine.host);
  expect(instances.runningImages).toBeUndefined();
  await engine.release.ensureNetwork({ environmentId: 'env-a', kind: 'project' });
  const { containerId } = await engine.release.startInstance(engine.group({ rolloutId: 'counted' }), 1);
  const { Image } = await engine.docker.getContainer(containerId).inspect();
  await instances.read({ rolloutId: 'counted' });
  expect(instances.runningImages).toBeUndefined(); // one rollout is not all
  await instances.read();
  expect(instances.runningImages?.get(Image)).toBe(1);
  await engine.release.removeInstance({ ...engine.group({ rolloutId: 'counted' }), index: 1 }, 0);
  await instances.read();
  expect(instances.runningImages?.has(Image)).toBe(false);
}, 60_000);
