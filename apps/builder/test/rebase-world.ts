import { randomBytes, randomUUID } from 'node:crypto';
import { run } from '@berth/daemon/spawn';
import { baseLabels, ociLabels } from '@berth/images/app-image';
import { readRecord } from '@berth/images/image-record';
import { appUser } from '@berth/images/layer';
import { type LayerSource, type PushedImage, pushImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import { writeLayer } from '@berth/images/write-layer';
import { acquireLease } from '@berth/jobs/lease';
import { getRebase } from '@berth/platform/rebases/get-rebase';
import { beginRollout } from '@berth/platform/releases/begin-rollout';
import { failRelease } from '@berth/platform/releases/fail-release';
import { finishRelease } from '@berth/platform/releases/finish-release';
import { startRelease } from '@berth/platform/releases/start-release';
import { findStack } from '@berth/runtimes/stacks/ensure-stack';
import { needed } from '../../../packages/daemon/test/needed.js';
import { newApp, type World } from './open-world.js';

/**
 * A newer stack for this test alone: the newest one with a file more, under a version of its own. `latest` stays what it is,
 * since other tests build on it.
 */
export async function pushNewerStack(world: World): Promise<PushedImage & { version: string }> {
  const version = `test-${randomBytes(4).toString('hex')}`;
  const stack = (await findStack(world.registry))!;
  const content = Buffer.from(`${version}\n`);
  const layer = await writeLayer([
    { path: 'etc/berth-test', type: 'file', mode: 0o644, uid: 0, gid: 0, sizeBytes: content.length, content },
  ]);
  const packages: string[] = JSON.parse(stack.config.labels['berth.packages']!);
  const labels = {
    ...stack.config.labels,
    'berth.version': version,
    'berth.packages': JSON.stringify(packages.map((one) => one.replace(/^tzdata=.*/, 'tzdata=9999z-0'))),
  };
  const pushed = await pushImage(world.registry, {
    repository: stack.repository,
    tag: version,
    layers: [...stack.layers.map((one) => ({ layer: one, from: stack.repository })), { layer }],
    config: { ...stack.config, labels },
  });
  return { ...pushed, version };
}

/** An image as a build makes one, on the newest stack and a given Node.js, without a build. */
export async function craftImage(world: World, nodeVersion: string) {
  const [stack, runtime] = await Promise.all([
    findStack(world.registry).then((found) => found!),
    world.builder.bases.runtime('node', nodeVersion),
  ]);
  const content = Buffer.from('console.log("hello")');
  const code = await writeLayer([
    { path: 'app/server.js', type: 'file', mode: 0o644, ...appUser, sizeBytes: content.length, content },
  ]);
  const below = (from: PushedImage) => from.layers.map((layer) => ({ layer, from: from.repository }));
  const image = await pushImage(world.registry, {
    repository: `app/${randomUUID()}`,
    tag: 'crafted',
    layers: [...below(stack), ...below(runtime), { layer: code }],
    config: {
      env: { ...runtime.config.env, HOME: '/app' },
      user: `${appUser.uid}:${appUser.gid}`,
      labels: {
        ...baseLabels(stack, runtime, undefined),
        [ociLabels.layers]: 'stack runtime code',
        [ociLabels.env]: 'HOME',
      },
    },
  });
  const labels = {
    stack: 'berth-13',
    stackDigest: stack.digest,
    runtime: `node ${nodeVersion}`,
    runtimeName: 'node',
    runtimeVersion: nodeVersion,
    runtimeDigest: runtime.digest,
    buildpack: 'node',
  };
  return { image, row: { labels, processTypes: [{ name: 'web', command: 'node server.js', singleton: false }] } };
}

/** An app whose current release has a copy of an image, and in it a file of its own: no two have the same digest. */
export async function seedApp(
  world: World,
  of: { image: PushedImage; row: { labels: unknown; processTypes: unknown } },
) {
  const { db } = world.platform;
  const app = await newApp(world);
  const repository = `app/${app.repositoryId}`;
  const content = Buffer.from(app.name);
  const own = await writeLayer([
    { path: 'app/own', type: 'file', mode: 0o644, ...appUser, sizeBytes: content.length, content },
  ]);
  const { labels } = of.image.config;
  const layers: LayerSource[] = [
    ...of.image.layers.map((layer) => ({ layer, from: of.image.repository })),
    { layer: own },
  ];
  const pushed = await pushImage(world.registry, {
    repository,
    tag: 'seed',
    layers,
    config: { ...of.image.config, labels: { ...labels, 'berth.layers': `${labels['berth.layers']} code` } },
  });
  const image = await db.image.create({
    data: {
      repositoryId: app.repositoryId,
      digest: pushed.digest,
      commit: randomBytes(20).toString('hex'),
      processTypes: of.row.processTypes as object,
      labels: of.row.labels as object,
      sizeBytes: pushed.sizeBytes,
    },
  });
  const release = await db.release.create({
    data: {
      appId: app.id,
      version: 1,
      status: 'succeeded',
      reason: 'build',
      description: 'Deploy',
      userId: world.owner.userId,
      imageId: image.id,
      config: world.platform.secrets.seal('{}'),
    },
  });
  await db.app.update({ where: { id: app.id }, data: { lastVersion: 1, currentReleaseId: release.id } });
  return { ...app, image };
}

/** Several of them, one after the other: each takes connections of the pool. */
export async function seedApps(world: World, count: number, of: Parameters<typeof seedApp>[1]) {
  const apps: Awaited<ReturnType<typeof seedApp>>[] = [];
  for (let made = 0; made < count; made += 1) apps.push(await seedApp(world, of));
  return apps.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function leaseFor(world: World, key: string) {
  const lease = await acquireLease(world.platform.db, key, `test-${randomUUID()}`, 60_000);
  if (!lease) throw new Error(`the lease ${key} is held`);
  return lease;
}

/** What the releaser does with a release, without containers; `error` fails it. */
export async function release(world: World, releaseId: string, error?: { code: string; message: string }) {
  const { platform } = world;
  const lease = await leaseFor(world, `release:${randomUUID()}`);
  if (!(await startRelease(platform, { releaseId, lease }))) return;
  if (error) return void (await failRelease(platform, { releaseId, lease, error }));
  const begun = await beginRollout(platform, { releaseId, lease });
  if (begun) await finishRelease(platform, { releaseId, rolloutId: begun.rolloutId, lease });
}

/** Releases whatever waits, until `stop`: in place of the releaser. `failsFor` names the app whose release fails. */
export function startReleasing(world: World, failsFor?: string): { stop: () => Promise<void>; most: () => number } {
  let isStopped = false;
  let most = 0;
  const running = (async () => {
    while (!isStopped) {
      const waiting = await world.platform.db.release.findMany({ where: { status: 'pending' } });
      most = Math.max(most, waiting.length);
      for (const { id, appId } of waiting)
        await release(world, id, appId === failsFor ? { code: 'instance_crashed', message: 'It crashed.' } : undefined);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    most: () => most,
    stop: async () => {
      isStopped = true;
      await running;
    },
  };
}

/** Waits for the end of a rebase. */
export async function rebaseEnded(world: World, id: string, timeoutMs = 60_000) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const rebase = await getRebase(world.platform, { actor: world.owner, rebase: id });
    if (rebase.status !== 'pending' && rebase.status !== 'running') return rebase;
    if (Date.now() > end) throw new Error(`rebase ${id} is ${rebase.status} after ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until the job has written a record of an image. */
export async function recordOf(
  world: World,
  image: { repositoryId: string; digest: string },
  kind: 'sbom' | 'provenance',
) {
  for (let tries = 0; tries < 600; tries += 1) {
    const of = { repository: `app/${image.repositoryId}`, imageDigest: image.digest, kind };
    const text = await readRecord(world.registry, of);
    if (text) return JSON.parse(text);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no ${kind} of ${image.digest}`);
}

/** What a command prints in a container of an image that Docker pulls. */
export async function runIn(image: { repositoryId: string; digest: string }, ...argv: string[]): Promise<string> {
  const name = `${new URL(needed('TEST_REGISTRY_URL')).host}/app/${image.repositoryId}@${image.digest}`;
  try {
    return (await run(['docker', 'run', '--rm', '--network', 'none', name, ...argv])).stdout.toString().trim();
  } finally {
    await run(['docker', 'rmi', name], { check: false });
  }
}

export const imageOf = async (world: World, image: { repositoryId: string; digest: string }) =>
  (await readImage(world.registry, `app/${image.repositoryId}`, image.digest))!;
