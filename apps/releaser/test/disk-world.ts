import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@berth/daemon/spawn';
import { createTestDatabase, prepareTemplate } from '@berth/db/test-database';
import { Secret } from '@berth/domain/secret';
import { openReleaseEngine } from '@berth/engine/release-client';
import { openForeignRegistry } from '@berth/images/foreign-registry';
import { pushImage } from '@berth/images/push-image';
import { pushSource } from '@berth/images/push-source';
import { openRegistry } from '@berth/images/registry';
import { writeLayer } from '@berth/images/write-layer';
import { acquireLease } from '@berth/jobs/lease';
import { createApp } from '@berth/platform/apps/create-app';
import { finishBuild } from '@berth/platform/builds/finish-build';
import { startBuild } from '@berth/platform/builds/start-build';
import { openPlatform } from '@berth/platform/platform';
import { acceptPush } from '@berth/platform/pushes/accept-push';
import { openPushGate } from '@berth/platform/registry/open-push-gate';
import { beginRollout } from '@berth/platform/releases/begin-rollout';
import { finishRelease } from '@berth/platform/releases/finish-release';
import { startRelease } from '@berth/platform/releases/start-release';
import { finishRetire } from '@berth/platform/rollouts/finish-retire';
import { createFirstAdmin } from '@berth/platform/users/create-first-admin';
import { freePort } from '../../../packages/daemon/test/free-port.js';
import { needed } from '../../../packages/daemon/test/needed.js';
import { until } from '../../../packages/daemon/test/until.js';
import { startProcess } from './processes.js';

const template = 'berth_template_disk';
const root = fileURLToPath(new URL('../../..', import.meta.url));
const MiB = 1024 * 1024;
/** Bytes of each image's own layer: random, so they do not shrink. */
export const layerBytes = 2 * MiB;

export type DiskWorld = Awaited<ReturnType<typeof openDiskWorld>>;

/** A Berth's disk of its own: registry, database, host process, and a releaser process that is started when a test asks. */
export async function openDiskWorld() {
  const adminUrl = needed('TEST_DATABASE_URL');
  await prepareTemplate(adminUrl, template);
  const database = await createTestDatabase(adminUrl, template);
  const directory = await mkdtemp(join(tmpdir(), 'berth-disk-'));
  for (const name of ['run/build', 'run/release', 'run/attach', 'disks'])
    await mkdir(join(directory, name), { recursive: true });
  const instance = `dsk${randomBytes(3).toString('hex')}`;
  const registryContainer = await startRegistry(instance, 'registry');
  const productionContainer = await startRegistry(instance, 'registry-production');
  const settings = {
    BERTH_INSTANCE: instance,
    DATABASE_URL: database.url,
    REDIS_URL: needed('TEST_REDIS_URL'),
    BERTH_SECRET_KEY: randomBytes(32).toString('base64'),
  };
  const engineSocket = join(directory, 'run/release/engine.sock');
  const host = startProcess('host', {
    BERTH_INSTANCE: instance,
    REDIS_URL: settings.REDIS_URL,
    REGISTRY_PULL_HOST: registryContainer.host,
    BERTH_IMAGE: needed('BERTH_PLATFORM_IMAGE'),
    BERTH_RUN_DIR: join(directory, 'run'),
    BERTH_DISKS_DIR: join(directory, 'disks'),
    BERTH_SUBNET_POOL: process.env.TEST_SUBNET_POOL ?? '100.119.0.0/16',
    BERTH_PREPARED_JAILS: '0',
    HEALTH_PORT: String(await freePort()),
  });
  const engine = openReleaseEngine(engineSocket);
  const answers = () => works(engine.freeSpace());
  await until('the engine answers', answers, 60_000).catch((error) => {
    throw new Error(`${error.message}\n${host.output()}`);
  });
  const platform = openPlatform({
    ...settings,
    BERTH_SECRET_KEY: new Secret(settings.BERTH_SECRET_KEY),
    ...{ BERTH_DOMAIN: 'localhost', BERTH_PORT: 5000, BERTH_APPS_PORT: 8080 },
    ...{ BERTH_APPS_TLS_PORT: 8443, BERTH_SSH_PORT: 2222 },
  });
  const owner = await createFirstAdmin(platform, { email: 'o@example.com', name: 'O', password: 'password-1' });
  const url = `http://${registryContainer.host}`;
  const registry = openRegistry({ url, gate: openPushGate(platform) });
  const production = openForeignRegistry(`http://${productionContainer.host}`);
  const releaserSettings = {
    ...settings,
    ENGINE_SOCKET: engineSocket,
    REGISTRY_URL: url,
    BERTH_LEASE_TTL_MS: '2000',
  };
  const releasers: ReturnType<typeof startProcess>[] = [];
  return {
    platform,
    engine,
    registry,
    production,
    host,
    owner,
    registryContainer,
    productionContainer,
    startReleaser: async () => {
      const releaser = startProcess('releaser', {
        ...releaserSettings,
        HEALTH_PORT: String(await freePort()),
        BERTH_WAKE_PORT: String(await freePort()),
        BERTH_RUN_PORT: String(await freePort()),
        BERTH_SHELL_PORT: String(await freePort()),
      });
      releasers.push(releaser);
      return releaser;
    },
    hostIsBack: () => until('the engine answers', answers, 30_000),
    close: async () => {
      for (const releaser of releasers) await releaser.stop();
      await registry.close();
      await engine.close();
      await host.stop();
      await production.registry.close();
      await registryContainer.remove();
      await productionContainer.remove();
      await removeImages(registryContainer.host);
      await removeNetworks(instance);
      const keys = await platform.redis.keys(`berth:${instance}:*`);
      if (keys.length > 0) await platform.redis.del(...keys);
      await platform.close();
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const works = async (work: Promise<unknown>) => work.then(() => true).catch(() => false);

/** The part as docker-compose.yml runs it, without sign-in, on a volume of its own. */
async function startRegistry(instance: string, part: 'registry' | 'registry-production') {
  const port = await freePort();
  const name = `${instance}_${part}_1`;
  const docker = (...argv: string[]) => run(['docker', ...argv]);
  const labels = [`berth.instance=${instance}`, 'berth.kind=part', `com.docker.compose.service=${part}`];
  const flags = ['--user', '10001:10001', '--cap-drop', 'ALL', '--read-only', '--tmpfs', '/tmp', '--restart', 'always'];
  await docker('volume', 'create', '--label', `com.docker.compose.project=${instance}`, `${instance}_${part}`);
  await docker(
    ...['run', '--detach', '--name', name, ...flags, ...labels.flatMap((label) => ['--label', label])],
    ...['--publish', `127.0.0.1:${port}:5000`, '--volume', `${root}:/opt/berth:ro`],
    ...['--volume', `${instance}_${part}:/var/lib/berth/registry`, '--entrypoint', '/usr/bin/tini'],
    ...[needed('BERTH_PLATFORM_IMAGE'), '--', 'docker-registry', 'serve', '/opt/berth/scripts/parts/registry.yml'],
  );
  const answer = async () => (await fetch(`http://127.0.0.1:${port}/v2/`)).ok;
  const answers = () => answer().catch(() => false);
  await until('the registry answers', answers);
  const exec = async (...argv: string[]) => (await run(['docker', 'exec', name, ...argv])).stdout.toString();
  return {
    name,
    host: `127.0.0.1:${port}`,
    exec,
    /** Holds the collector back until the returned function is called. */
    holdCollector: async () => {
      const id = randomBytes(4).toString('hex');
      const wait = `while [ ! -e /tmp/go-${id} ]; do sleep 0.05; done`;
      const argv = ['sh', '-c', `touch /tmp/held-${id}; ${wait}`];
      await docker('exec', '--detach', name, 'flock', '/tmp/collect.lock', ...argv);
      await until('the lock is held', () => works(exec('test', '-e', `/tmp/held-${id}`)));
      return () => exec('touch', `/tmp/go-${id}`);
    },
    /** Everything in it was written two hours ago. */
    age: () =>
      exec('find', '/var/lib/berth/registry', '-name', 'link', '-exec', 'touch', '-d', '2 hours ago', '{}', '+'),
    usedBytes: async () => Number((await exec('du', '-s', '-B1', '/var/lib/berth/registry')).split('\t')[0]),
    remove: async () => {
      await docker('rm', '--force', '--volumes', name);
      await docker('volume', 'rm', `${instance}_${part}`);
    },
  };
}

async function removeImages(host: string): Promise<void> {
  const { stdout } = await run(['docker', 'images', '--digests', '--format', '{{.Repository}}@{{.Digest}}']);
  const names = stdout.toString().split('\n');
  for (const name of names.filter((line) => line.startsWith(`${host}/`)))
    await run(['docker', 'image', 'rm', name], { check: false });
}

async function removeNetworks(instance: string): Promise<void> {
  const { stdout } = await run(['docker', 'network', 'ls', '-q', '--filter', `label=berth.instance=${instance}`]);
  for (const id of stdout.toString().split('\n').filter(Boolean))
    await run(['docker', 'network', 'rm', id], { check: false });
}

/** An app of the owner, whose environment keeps so many releases. */
export async function makeApp({ platform, owner }: DiskWorld, keptReleases: number) {
  const app = await createApp(platform, { actor: owner });
  const { environmentId, repositoryId } = await platform.db.app.findUniqueOrThrow({ where: { id: app.id } });
  await platform.db.environment.update({ where: { id: environmentId }, data: { keptReleases } });
  return { ...app, repositoryId };
}

/** An image with a layer of its own in the registry, as the builder writes one. */
export async function pushRandomImage({ registry }: DiskWorld, repository: string, tag: string) {
  const content = randomBytes(layerBytes);
  const layer = await writeLayer([
    { path: 'app/file', type: 'file', mode: 0o644, uid: 0, gid: 0, content, sizeBytes: content.length },
  ]);
  const config = { env: {}, labels: { tag } };
  return pushImage(registry, { repository, tag, layers: [{ layer }], config }).finally(layer.dispose);
}

const commitOf = (n: number) => Buffer.from(`commit ${n}`).toString('hex').padEnd(40, '0').slice(0, 40);

/** From push to live, without running anything: source, image, rows; what served before is retired. */
export async function deploy(world: DiskWorld, app: { id: string; repositoryId: string }, n: number) {
  const { platform, owner, registry } = world;
  const commit = commitOf(n);
  const archive = randomBytes(64 * 1024);
  const source = await pushSource(registry, { repositoryId: app.repositoryId, commit, archive });
  const { buildId } = await acceptPush(platform, {
    ...{ actor: owner, appId: app.id, ref: 'refs/heads/main', oldSha: '0'.repeat(40), newSha: commit },
    source: { commit, message: `commit ${n}`, ...source },
  });
  const lease = await acquireLease(platform.db, `test:${app.id}:${n}`, 'test', 60_000);
  if (!lease || !buildId) throw new Error('no build');
  await startBuild(platform, { buildId, lease });
  const pushed = await pushRandomImage(world, `app/${app.repositoryId}`, commit);
  const image = {
    ...{ digest: pushed.digest, commit, healthcheck: null, labels: {}, sizeBytes: pushed.sizeBytes },
    processTypes: [{ name: 'worker', command: 'run', singleton: false }], // of which none is started,
  };
  const built = await finishBuild(platform, { buildId, lease, image });
  const releaseId = built?.releaseId ?? '';
  await startRelease(platform, { releaseId, lease });
  const begun = await beginRollout(platform, { releaseId, lease });
  if (!begun) throw new Error('no rollout');
  await finishRelease(platform, { releaseId, rolloutId: begun.rolloutId, lease });
  const before = await platform.db.rollout.findMany({
    where: { appId: app.id, retiredAt: null, id: { not: begun.rolloutId } },
  });
  for (const { id } of before) await finishRetire(platform, { rolloutId: id });
  return { digest: pushed.digest, commit, releaseId, blob: pushed.layers[0]?.digest ?? '' };
}

/** Everything happened two hours ago, so that no grace protects it. */
export async function age({ platform, registryContainer }: DiskWorld): Promise<void> {
  await registryContainer.age();
  for (const table of ['Image', 'Source', 'Push', 'Build', 'Release'])
    await platform.db.$executeRawUnsafe(`UPDATE "${table}" SET "createdAt" = "createdAt" - interval '2 hours'`);
}
