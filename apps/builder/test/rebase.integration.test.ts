import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listBases } from '@berth/platform/bases/list-bases';
import { startRebase } from '@berth/platform/rebases/start-rebase';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { archiveOf, ended, examples, newApp, openWorld, push, type World } from './open-world.js';
import {
  craftImage,
  imageOf,
  pushNewerStack,
  rebaseEnded,
  recordOf,
  release,
  runIn,
  seedApp,
  seedApps,
  startReleasing,
} from './rebase-world.js';

const older = '24.20.0';

let world: World;
let stack: Awaited<ReturnType<typeof pushNewerStack>>;
beforeAll(async () => {
  world = await openWorld();
  stack = await pushNewerStack(world);
}, 60_000);
afterAll(() => world?.close());

const start = (more: Partial<Parameters<typeof startRebase>[1]> = {}) =>
  startRebase(world.platform, { actor: world.owner, wish: {}, dryRun: false, ...more });

/** A live app that was built when `older` was the newest Node.js. */
async function deployOlder(changes: Record<string, string> = {}) {
  const { bases } = world.builder;
  world.builder.bases = { ...bases, resolve: async () => older };
  try {
    const app = await newApp(world);
    const build = await ended(world, await push(world, app, await archiveOf('node-pnpm', changes)));
    expect(build.status, build.output?.text).toBe('succeeded');
    const { id } = await world.platform.db.release.findUniqueOrThrow({ where: { buildId: build.id } });
    await release(world, id);
    return { app, image: build.image! };
  } finally {
    world.builder.bases = bases;
  }
}

describe('a rebase', { timeout: 180_000 }, () => {
  it('moves stack and runtime under a live app without sending a layer; the image runs, its records tell of it', async () => {
    const { app, image } = await deployOlder();
    const before = await imageOf(world, image);
    expect(await runIn(image, 'node', '-v')).toBe(`v${older}`);

    const wish = { stack: `berth-13:${stack.version}`, runtime: 'node', apps: [app.name] };
    const dry = await rebaseEnded(world, (await start({ wish, dryRun: true })).id);
    expect(dry).toMatchObject({ status: 'succeeded', counts: { planned: 1 } });
    expect(dry.apps[0]).toMatchObject({ status: 'planned', release: null, to: null });
    expect(dry.moves[0]?.packages).toContainEqual({ name: 'tzdata', from: expect.any(String), to: '9999z-0' });
    expect(await world.platform.db.release.count({ where: { appId: app.id } })).toBe(1);

    const sent: string[] = [];
    const putBlob = vi.spyOn(world.registry, 'putBlob').mockImplementation(async function (this: never, ...args) {
      sent.push(args[1].digest);
      return (
        putBlob.getMockImplementation() && Object.getPrototypeOf(world.registry).putBlob.apply(world.registry, args)
      );
    });
    const { id } = await start({ wish });
    const releasing = startReleasing(world);
    const done = await rebaseEnded(world, id);
    await releasing.stop();
    putBlob.mockRestore();
    expect(done, done.error?.message).toMatchObject({ status: 'succeeded', counts: { succeeded: 1 } });
    expect(sent.length).toBeGreaterThan(0); // the configuration, and the records

    const current = await world.platform.db.release.findFirstOrThrow({
      where: { appId: app.id, version: 2 },
      include: { image: true },
    });
    const newest = done.apps[0]!.changes.runtime!.to.version;
    expect(current).toMatchObject({
      status: 'succeeded',
      reason: 'rebase',
      description: `Rebase onto berth-13 ${stack.version} / Node.js ${newest}`,
    });
    const after = await imageOf(world, current.image!);
    expect(after.layers.slice(-2)).toEqual(before.layers.slice(-2));
    const layers = [...before.layers, ...after.layers].map(({ digest }) => digest);
    expect(sent.filter((digest) => layers.includes(digest))).toEqual([]);
    expect(await runIn(current.image!, 'node', '-v')).toBe(`v${newest}`);
    expect(await runIn(current.image!, 'cat', '/etc/berth-test')).toBe(stack.version);
    expect(await runIn(current.image!, 'node', '-e', 'console.log(require("ms")("1s"), process.env.HOME)')).toBe(
      '1000 /app',
    );

    const again = await rebaseEnded(world, (await start({ wish, dryRun: true })).id);
    expect(again.counts).toEqual({ unchanged: 1 });

    const first = await recordOf(world, image, 'sbom');
    expect(purls(first)).toEqual(expect.arrayContaining([`pkg:generic/node@${older}`, 'pkg:npm/ms@2.1.3']));
    const moved = current.image;
    const sbom = await recordOf(world, moved!, 'sbom');
    expect(purls(sbom)).toEqual(
      expect.arrayContaining(['pkg:deb/debian/tzdata@9999z-0?distro=debian-13', 'pkg:npm/ms@2.1.3']),
    );
    expect(purls(sbom)).not.toContain(`pkg:generic/node@${older}`);
    const { buildDefinition } = (await recordOf(world, moved!, 'provenance')).predicate;
    expect(buildDefinition).toMatchObject({
      buildType: 'urn:berth:rebase:1',
      externalParameters: { rebasedFrom: [image.digest] },
    });
    expect(buildDefinition.resolvedDependencies).toContainEqual({
      name: 'stack/berth-13',
      digest: { sha256: stack.digest.replace('sha256:', '') },
    });
    const stacks = await listBases(world.platform, { actor: world.owner, kind: 'stack' });
    expect(stacks.find(({ digest }) => digest === stack.digest)?.apps).toContainEqual(
      expect.objectContaining({ name: app.name }),
    );
  });

  it("stays within what the app's own files allow", async () => {
    const manifest = JSON.parse(await readFile(join(examples, 'node-pnpm/package.json'), 'utf8'));
    const engines = (node: string) => ({ 'package.json': JSON.stringify({ ...manifest, engines: { node } }) });
    const pinned = await deployOlder(engines(older));
    const open = await deployOlder(engines('>=20'));
    const apps = [pinned.app.name, open.app.name];
    const newest = await rebaseEnded(world, (await start({ wish: { runtime: 'node', apps }, dryRun: true })).id);
    const statusOf = (name: string) => newest.apps.find(({ app }) => app.name === name);
    expect(statusOf(pinned.app.name)?.status).toBe('unchanged');
    expect(statusOf(open.app.name)).toMatchObject({
      status: 'planned',
      changes: { runtime: { from: { version: older }, to: { version: expect.stringMatching(/^24\./) } } },
    });
    const other = await rebaseEnded(world, (await start({ wish: { runtime: 'node@22.23.3', apps }, dryRun: true })).id);
    expect(other.apps.map(({ status }) => status)).toEqual(['refused', 'refused']);
    expect(other.apps.find(({ app }) => app.name === pinned.app.name)?.message).toContain(`asks for Node.js ${older}`);
    expect(other.apps.find(({ app }) => app.name === open.app.name)?.message).toContain('needs a build');
  });
});

describe('a rebase of several apps', { timeout: 180_000 }, () => {
  const wishFor = (apps: { name: string }[]) => ({
    stack: `berth-13:${stack.version}`,
    apps: apps.map(({ name }) => name),
  });
  const seed = async (count: number) => seedApps(world, count, await craftImage(world, older));
  /** The release that the rebase makes of an app. */
  const waiting = async (appId: string) => {
    for (;;) {
      const found = await world.platform.db.release.findFirst({ where: { appId, reason: 'rebase' } });
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  it('releases them wave by wave and stops at the first that fails', async () => {
    const apps = await seed(6);
    const releasing = startReleasing(world, apps[3]!.id);
    const done = await rebaseEnded(world, (await start({ wish: wishFor(apps), waveSize: 2 })).id);
    await releasing.stop();
    expect(done).toMatchObject({
      status: 'failed',
      counts: { succeeded: 3, failed: 1, skipped: 2 },
      error: { code: 'rebase_stopped', message: `The rebase stopped at ${apps[3]!.name}: It crashed.` },
    });
    expect(releasing.most()).toBeLessThanOrEqual(2);
    const skipped = done.apps.filter(({ status }) => status === 'skipped');
    expect(skipped.map(({ wave }) => wave)).toEqual([2, 2]);
    for (const { app } of skipped) expect(await world.platform.db.release.count({ where: { appId: app.id } })).toBe(1);
  });

  it('leaves out what its starter may not release any more when its wave comes', async () => {
    const apps = await seed(2);
    const { id } = await start({ wish: wishFor(apps), waveSize: 1 });
    const first = await waiting(apps[0]!.id);
    const setRole = (role: 'viewer' | 'owner') =>
      world.platform.db.membership.updateMany({ where: { userId: world.owner.userId }, data: { role } });
    await setRole('viewer');
    await release(world, first.id);
    const done = await rebaseEnded(world, id);
    await setRole('owner');
    expect(done).toMatchObject({ status: 'succeeded', counts: { succeeded: 1, skipped: 1 } });
    expect(done.apps.find(({ status }) => status === 'skipped')).toMatchObject({
      app: { name: apps[1]!.name },
      message: 'Who started the rebase may not release this app any more.',
    });
    expect(await world.platform.db.release.count({ where: { appId: apps[1]!.id } })).toBe(1);
  });

  it('moves what was released meanwhile, and gives way to what is released after it', async () => {
    const apps = await seed(3);
    const { id } = await start({ wish: wishFor(apps), waveSize: 1 });
    const first = await waiting(apps[0]!.id);
    // While the first one rolls out, the second gets a newer image, as a push would give it.
    const newer = await seedApp(world, { image: await imageOf(world, apps[1]!.image), row: apps[1]!.image });
    const own = await world.platform.db.image.create({
      data: { ...omit(newer.image), repositoryId: apps[1]!.repositoryId, commit: 'f'.repeat(40) },
    });
    await copyManifest(newer.image, apps[1]!.repositoryId);
    await world.platform.db.release.create({ data: { ...releaseOf(apps[1]!.id), version: 2, imageId: own.id } });
    await world.platform.db.app.update({ where: { id: apps[1]!.id }, data: { lastVersion: 2 } });
    await release(world, first.id);
    const second = await waiting(apps[1]!.id);
    const image = await world.platform.db.image.findUniqueOrThrow({ where: { id: second.imageId! } });
    expect(image).toMatchObject({ commit: 'f'.repeat(40), rebasedFromId: own.id });
    // A later release of the same app replaces the one of the rebase, which goes on.
    await world.platform.db.release.create({ data: { ...releaseOf(apps[1]!.id), version: 4, imageId: own.id } });
    await world.platform.db.app.update({ where: { id: apps[1]!.id }, data: { lastVersion: 4 } });
    await release(world, second.id);
    await release(world, (await waiting(apps[2]!.id)).id);
    const done = await rebaseEnded(world, id);
    expect(done).toMatchObject({ status: 'succeeded', counts: { succeeded: 2, superseded: 1 } });
  });

  const releaseOf = (appId: string) => ({
    appId,
    status: 'succeeded' as const,
    reason: 'build' as const,
    description: 'Deploy',
    userId: world.owner.userId,
    config: world.platform.secrets.seal('{}'),
  });
  const omit = ({ digest, labels, processTypes, sizeBytes }: Awaited<ReturnType<typeof seedApp>>['image']) => ({
    digest,
    labels: labels as object,
    processTypes: processTypes as object,
    sizeBytes,
  });
  async function copyManifest(from: { repositoryId: string; digest: string }, repositoryId: string) {
    const { registry } = world;
    const [source, target] = [`app/${from.repositoryId}`, `app/${repositoryId}`];
    const stored = (await registry.getManifest(source, from.digest))!;
    const { config, layers } = JSON.parse(stored.bytes.toString());
    for (const { digest } of [config, ...layers]) await registry.mountBlob(target, digest, source);
    await registry.putManifest(target, from.digest, stored.mediaType, stored.bytes);
  }
});

const purls = (sbom: { components: { purl: string }[] }) => sbom.components.map(({ purl }) => purl);
