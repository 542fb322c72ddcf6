import { randomUUID } from 'node:crypto';
import { openLogger } from '@berth/daemon/logger';
import { copyImage } from '@berth/images/copy-image';
import { digestOf } from '@berth/images/digest';
import { pushArtifact } from '@berth/images/push-artifact';
import { acquireLease } from '@berth/jobs/lease';
import { askCollection } from '@berth/platform/collections/ask-collection';
import { getCollection } from '@berth/platform/collections/get-collection';
import { beginWindow } from '@berth/platform/registry/begin-window';
import { endWindow } from '@berth/platform/registry/end-window';
import { enterRegistry } from '@berth/platform/registry/enter-registry';
import { getRelease } from '@berth/platform/releases/get-release';
import { rollBack } from '@berth/platform/releases/roll-back';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { collect } from '../src/disk/collect.js';
import type { DiskKeeper } from '../src/disk/disk-keeper.js';
import { survey } from '../src/disk/survey.js';
import { age, type DiskWorld, deploy, layerBytes, makeApp, openDiskWorld, pushRandomImage } from './disk-world.js';

const GiB = 1024 ** 3;
const never = new AbortController().signal;

describe('a collection', () => {
  let world: DiskWorld;
  let keeper: DiskKeeper;
  beforeAll(async () => {
    world = await openDiskWorld();
    const { platform, engine, registry } = world;
    const cacheLimits = { bytesMax: GiB, keptMs: 30 * 24 * 3_600_000 };
    keeper = { platform, engine, registry, cacheLimits, logger: openLogger('test', 'error') };
  }, 120_000);
  afterAll(() => world?.close(), 60_000);

  const leaseOf = async (key: string) => {
    const lease = await acquireLease(world.platform.db, key, randomUUID(), 120_000);
    if (!lease) throw new Error(`${key} is held`);
    return lease;
  };
  /** In this process, as the releaser's job does. */
  const clean = async (more: { dryRun?: boolean } = {}) => {
    const { platform, owner } = world;
    const { id } = await askCollection(platform, { actor: owner, dryRun: false, ...more });
    await collect(keeper, { collectionId: id }, { signal: never, lease: await leaseOf(id), isLastAttempt: () => true });
    return getCollection(platform, { actor: owner, id });
  };

  it('frees what no kept release needs, keeps what one may go back to, and says which is gone', async () => {
    const { platform, registry, engine, owner, registryContainer } = world;
    const app = await makeApp(world, 2);
    const deploys = [];
    for (let n = 1; n <= 5; n += 1) deploys.push(await deploy(world, app, n));
    const repository = `app/${app.repositoryId}`;
    for (const { digest } of deploys) await engine.pullImage({ repository, digest });
    for (const { digest } of deploys) {
      const bytes = Buffer.from(`about ${digest}`);
      const blob = { digest: digestOf(bytes), sizeBytes: bytes.length, data: { kind: 'memory', bytes } as const };
      const tag = `${digest.replace(':', '-')}.sbom`;
      await pushArtifact(registry, { repository, tag, mediaType: 'application/json', blob });
    }
    await age(world);
    const before = await registryContainer.usedBytes();

    const dry = await clean({ dryRun: true });
    expect(dry).toMatchObject({ status: 'succeeded', windowMs: null });
    expect(await registryContainer.usedBytes()).toBe(before);

    const done = await clean();
    expect(done).toMatchObject({ status: 'succeeded', error: null });
    expect(done.windowMs).toBeGreaterThan(0);
    const freed = before - (await registryContainer.usedBytes());
    expect(freed).toBeGreaterThan(3 * layerBytes);
    // The same was announced: registry and pulled layers.
    expect(Math.abs((dry.freedBytes ?? 0) / (done.freedBytes ?? 1) - 1)).toBeLessThan(0.02);

    for (const [index, { digest, commit, blob }] of deploys.entries()) {
      const isKept = index >= 3;
      expect((await registry.getManifest(repository, digest)) !== undefined).toBe(isKept);
      expect(await registry.hasBlob(repository, blob)).toBe(isKept);
      const sbom = await registry.getManifest(repository, `${digest.replace(':', '-')}.sbom`);
      expect(sbom !== undefined).toBe(isKept);
      expect((await registry.getManifest(`source/${app.repositoryId}`, commit)) !== undefined).toBe(isKept);
    }
    const pulled = (await engine.measureDisk({ cacheKeys: [] })).images.map(({ digest }) => digest);
    const keptDigests = deploys.slice(3).map(({ digest }) => digest);
    expect(pulled.sort()).toEqual(keptDigests.sort());
    await expect(engine.removeImage({ repository, digest: deploys[3]!.digest })).resolves.toBe(true);
    await engine.pullImage({ repository, digest: deploys[3]!.digest }); // its blobs are really there

    const who = { actor: owner, app: app.id };
    await expect(rollBack(platform, { ...who, version: 1 })).rejects.toThrow(
      'Cannot roll back to v1: its image is gone (those of the newest 2 releases are kept).',
    );
    expect(await getRelease(platform, { ...who, version: 1 })).toMatchObject({
      isCollected: true,
      status: 'succeeded',
    });
    expect(await rollBack(platform, { ...who, version: 4 })).toMatchObject({ version: 6 });
  }, 60_000);

  it('deletes the copies in the production registry too, and frees their blobs where it is ours', async () => {
    const { registry, production, productionContainer } = world;
    const app = await makeApp(world, 1);
    const repository = `app/${app.repositoryId}`;
    const deploys = [];
    for (let n = 1; n <= 2; n += 1) {
      const one = await deploy(world, app, n);
      const to = { registry: production.registry, repository, shared: 'layers' };
      await copyImage({ registry, repository }, to, one.digest);
      deploys.push(one);
    }
    const before = await productionContainer.usedBytes();
    await age(world);
    const { id } = await askCollection(world.platform, { actor: world.owner, dryRun: false });
    const context = { signal: never, lease: await leaseOf(id), isLastAttempt: () => true };
    await collect({ ...keeper, production }, { collectionId: id }, context);
    for (const [index, { digest, blob }] of deploys.entries()) {
      expect((await production.registry.getManifest(repository, digest)) !== undefined).toBe(index === 1);
      expect(await production.registry.hasBlob(repository, blob)).toBe(index === 1);
    }
    expect(before - (await productionContainer.usedBytes())).toBeGreaterThan(layerBytes / 2);
    // What was freed is sent again when it is wanted again, though the registry still has a link to it.
    expect(await production.registry.mountBlob('app/another', deploys[0]!.blob, 'layers')).toBe(false);
  }, 60_000);

  it('goes by the rows where the blobs are in a bucket, which nothing on the host shows', async () => {
    const { platform, registry, engine } = world;
    const app = await makeApp(world, 1);
    const old = await deploy(world, app, 1);
    const kept = await deploy(world, app, 2);
    await age(world);
    const blind = {
      ...engine,
      measureDisk: async () => ({ ...(await engine.measureDisk({ cacheKeys: [] })), registry: undefined }),
    };
    const { id } = await askCollection(platform, { actor: world.owner, dryRun: false });
    const context = { signal: never, lease: await leaseOf(id), isLastAttempt: () => true };
    await collect({ ...keeper, engine: blind }, { collectionId: id }, context);
    expect(await getCollection(platform, { actor: world.owner, id })).toMatchObject({ status: 'succeeded' });
    for (const { digest, blob, commit } of [old, kept]) {
      const isKept = digest === kept.digest;
      expect((await registry.getManifest(`app/${app.repositoryId}`, digest)) !== undefined).toBe(isKept);
      expect((await registry.getManifest(`source/${app.repositoryId}`, commit)) !== undefined).toBe(isKept);
      expect(await registry.hasBlob(`app/${app.repositoryId}`, blob)).toBe(isKept);
    }
  }, 60_000);

  it('leaves nothing of an app that is gone, and everything of a build that runs', async () => {
    const { platform, registry } = world;
    const app = await makeApp(world, 1);
    const gone = await makeApp(world, 1);
    const old = await deploy(world, app, 1);
    await deploy(world, app, 2);
    const last = await deploy(world, gone, 1);
    await platform.db.app.delete({ where: { id: gone.id } });
    await platform.db.image.deleteMany({ where: { repositoryId: gone.repositoryId } });
    await platform.db.repository.delete({ where: { id: gone.repositoryId } });
    await age(world);
    const building = await leaseOf(`build:${app.id}`);
    await clean();
    expect(await registry.hasBlob(`app/${gone.repositoryId}`, last.blob)).toBe(false);
    expect(await registry.hasBlob(`app/${app.repositoryId}`, old.blob)).toBe(true);
    await platform.db.lease.delete({ where: { key: building.key } });
    await clean();
    expect(await registry.hasBlob(`app/${app.repositoryId}`, old.blob)).toBe(false);
  }, 60_000);

  it('lets a copy to production end before pushes have to wait', async () => {
    const { platform, registry, owner } = world;
    const copy = { id: randomUUID(), repository: 'production/app/x', ms: 60_000 };
    expect(await enterRegistry(platform, copy)).toBe(true);
    const { id: collectionId } = await askCollection(platform, { actor: owner, dryRun: false });
    const begun = beginWindow(platform, { collectionId, lease: await leaseOf(collectionId), signal: never });
    const { digest } = await pushRandomImage(world, 'app/meanwhile', 'v1');
    expect((await registry.getManifest('app/meanwhile', 'v1'))?.digest).toBe(digest);
    expect(await platform.db.collection.count({ where: { id: collectionId, windowBeganAt: null } })).toBe(1);
    await platform.db.registryPush.delete({ where: { id: copy.id } });
    await platform.wake.publish(['registry']);
    await begun;
    await endWindow(platform, { collectionId });
    await platform.db.collection.delete({ where: { id: collectionId } });
  });

  it('makes a push wait for the end of the window, and waits for the end of a push', async () => {
    const { platform, registry, owner } = world;
    const { id: collectionId } = await askCollection(platform, { actor: owner, dryRun: false });
    const lease = await leaseOf(collectionId);
    const order: string[] = [];
    let endPush = () => {};
    const pushEnds = new Promise<void>((resolve) => {
      endPush = resolve;
    });
    const pushing = registry.asPush('app/x', () => pushEnds);
    await until('the push holds its row', async () => (await platform.db.registryPush.count()) === 1);
    const begun = beginWindow(platform, { collectionId, lease, signal: never }).then(() => order.push('window'));
    const wanted = { where: { id: collectionId, windowBeganAt: { not: null } } };
    await until('the window is wanted', async () => (await platform.db.collection.count(wanted)) === 1);
    const late = pushRandomImage(world, 'app/late', 'v1').then((image) => {
      order.push('late push');
      return image;
    });
    order.push('first push');
    endPush();
    await Promise.all([pushing, begun]);
    expect(await registry.getManifest('app/late', 'v1')).toBeUndefined();
    order.push('end');
    await endWindow(platform, { collectionId });
    const { digest } = await late;
    expect((await registry.getManifest('app/late', 'v1'))?.digest).toBe(digest);
    expect(order).toEqual(['first push', 'window', 'end', 'late push']);
    await platform.db.collection.delete({ where: { id: collectionId } });
  });

  it('writes a ledger whose sum is what du and Docker say', async () => {
    const { registryContainer, engine } = world;
    const { ledger, host } = await survey(keeper);
    const sum = (kinds: string[]) =>
      ledger.entries
        .filter(({ kind, within }) => kinds.includes(kind) && !within)
        .reduce((all, { bytes }) => all + bytes, 0);
    expect(sum(['image', 'layer', 'source', 'base', 'registry'])).toBe(await registryContainer.usedBytes());
    const layers = new Map(host.images.flatMap(({ layers: own }) => own.map(({ id, bytes }) => [id, bytes] as const)));
    expect(sum(['host-layer'])).toBe([...layers.values()].reduce((all, bytes) => all + bytes, 0));
    expect(layers.size).toBeGreaterThan(0);
    expect(ledger.usedBytes).toBe(
      ledger.entries.filter(({ within }) => !within).reduce((all, { bytes }) => all + bytes, 0),
    );
    expect((await engine.freeSpace()).totalBytes).toBe(ledger.totalBytes);
  });
});
