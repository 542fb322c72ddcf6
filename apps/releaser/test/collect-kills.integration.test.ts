import { run } from '@berth/daemon/spawn';
import { TransientError } from '@berth/domain/errors';
import { askCollection } from '@berth/platform/collections/ask-collection';
import { getCollection } from '@berth/platform/collections/get-collection';
import { isWindowOpen } from '@berth/platform/registry/is-window-open';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { age, type DiskWorld, deploy, makeApp, openDiskWorld, pushRandomImage } from './disk-world.js';

describe('a collection whose process is killed', () => {
  let world: DiskWorld;
  beforeAll(async () => {
    world = await openDiskWorld();
  }, 120_000);
  afterAll(() => world?.close(), 60_000);

  const ask = async () => (await askCollection(world.platform, { actor: world.owner, dryRun: false })).id;
  const ended = (id: string, withinMs = 40_000) =>
    until(
      'the collection has ended',
      async () => {
        const found = await getCollection(world.platform, { actor: world.owner, id });
        return found.endedAt !== null && found;
      },
      withinMs,
    );
  const isQuiet = (id: string) => async () =>
    (await world.platform.db.collection.count({ where: { id, windowQuietAt: { not: null } } })) === 1;

  /** What is transient is tried again, as a build's job does. */
  const pushAsJob = (repository: string): ReturnType<typeof pushRandomImage> =>
    pushRandomImage(world, repository, 'late').catch(async (error) => {
      if (!(error instanceof TransientError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return pushAsJob(repository);
    });

  /** An app with one image too many, and a collection that stands in its window. */
  const standInWindow = async () => {
    const app = await makeApp(world, 1);
    const old = await deploy(world, app, 1);
    const kept = await deploy(world, app, 2);
    await age(world);
    const letGo = await world.registryContainer.holdCollector();
    const id = await ask();
    await until('the window is open and quiet', isQuiet(id), 30_000);
    let isPushed = false;
    const push = pushAsJob(`app/${app.repositoryId}`).then((image) => {
      isPushed = true;
      return image;
    });
    return { app, old, kept, letGo, id, push, isPushed: () => isPushed };
  };
  type Standing = Awaited<ReturnType<typeof standInWindow>>;

  const expectSameEnd = async ({ app, old, kept, id, push }: Standing) => {
    const { registry, platform } = world;
    expect(await ended(id)).toMatchObject({ status: 'succeeded', error: null });
    expect(await isWindowOpen(platform, { collectionId: id })).toBe(false);
    const repository = `app/${app.repositoryId}`;
    expect(await registry.hasBlob(repository, old.blob)).toBe(false);
    expect(await registry.hasBlob(repository, kept.blob)).toBe(true);
    const late = await push;
    expect((await registry.getManifest(repository, 'late'))?.digest).toBe(late.digest);
    expect(await registry.hasBlob(repository, late.layers[0]!.digest)).toBe(true);
    expect(await platform.db.registryPush.count()).toBe(0);
  };

  it('in its window goes on where the next releaser starts; the push waits all the time', async () => {
    const first = await world.startReleaser();
    const standing = await standInWindow();
    await first.kill();
    expect(standing.isPushed()).toBe(false);
    const second = await world.startReleaser();
    await until('the next one has it', async () => {
      const lease = await world.platform.db.lease.findUnique({ where: { key: 'registry:collect' } });
      return lease !== null && lease.fence >= 2;
    });
    expect(standing.isPushed()).toBe(false);
    await standing.letGo();
    await expectSameEnd(standing);
    await second.stop();
  }, 90_000);

  it('loses its host process in the window: pushes wait until the collector is known to have ended', async () => {
    const releaser = await world.startReleaser();
    const standing = await standInWindow();
    await world.host.kill();
    await until('the job was put off', async () => releaser.output().includes('window is still open'));
    expect(standing.isPushed()).toBe(false);
    world.host.restart();
    await world.hostIsBack();
    expect(standing.isPushed()).toBe(false);
    await standing.letGo();
    await expectSameEnd(standing);
    await releaser.stop();
  }, 90_000);

  it('loses the registry itself in the window, and comes to the same end when that is back', async () => {
    const releaser = await world.startReleaser();
    const standing = await standInWindow();
    const top = (await run(['docker', 'top', world.registryContainer.name, '-eo', 'pid,args'])).stdout.toString();
    const pid = /^\s*(\d+)\s+docker-registry serve/m.exec(top)?.[1];
    process.kill(Number(pid), 'SIGKILL'); // the container ends with it, and the collector that was held with the container
    await expectSameEnd(standing);
    await releaser.stop();
  }, 90_000);

  it('at any moment loses nothing that is referenced, and a clean after it ends as if nothing had been', async () => {
    const app = await makeApp(world, 2);
    const { registry, platform } = world;
    const repository = `app/${app.repositoryId}`;
    const kept: Awaited<ReturnType<typeof deploy>>[] = [];
    for (const afterMs of [0, 200, 450, 900]) {
      for (let more = 0; more < 2; more += 1) kept.push(await deploy(world, app, kept.length + 1));
      await age(world);
      const releaser = await world.startReleaser();
      const id = await ask();
      await until(
        'it has begun',
        async () => (await platform.db.collection.count({ where: { id, status: 'pending' } })) === 0,
      );
      await new Promise((resolve) => setTimeout(resolve, afterMs)); // where it is killed is to be anywhere
      await releaser.kill();
      for (const { digest, blob } of kept.slice(-2)) {
        expect(await registry.getManifest(repository, digest)).toBeDefined();
        expect(await registry.hasBlob(repository, blob)).toBe(true);
      }
      const next = await world.startReleaser();
      expect(await ended(id)).toMatchObject({ status: 'succeeded' });
      await next.stop();
    }
    const left = await Promise.all(kept.map(({ blob }) => registry.hasBlob(repository, blob)));
    expect(left).toEqual(kept.map((_, index) => index >= kept.length - 2));
  }, 300_000);
});
