import { createHash, randomBytes, randomInt } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { openLogger } from '@berth/daemon/logger';
import { run } from '@berth/daemon/spawn';
import { createTestDatabase, prepareTemplate } from '@berth/db/test-database';
import { mirrorPort } from '@berth/domain/mirror-port';
import { subnetPool } from '@berth/domain/subnet-pool';
import { dropFirewall } from '@berth/engine/docker/keep-firewall';
import { openDockerHost } from '@berth/engine/docker/open-docker-host';
import type { BuildEngine } from '@berth/engine/interface';
import { openPullTokens } from '@berth/images/pull-tokens';
import { pushSource } from '@berth/images/push-source';
import { openRegistry } from '@berth/images/registry';
import { work } from '@berth/jobs/work';
import { createApp } from '@berth/platform/apps/create-app';
import { openPlatform } from '@berth/platform/platform';
import { acceptPush } from '@berth/platform/pushes/accept-push';
import { createFirstAdmin } from '@berth/platform/users/create-first-admin';
import { readAptOptions, readAptSources, sourcesOfSuite } from '@berth/runtimes/stacks/apt-sources';
import { berth13 } from '@berth/runtimes/stacks/berth-13';
import { ensureStack } from '@berth/runtimes/stacks/ensure-stack';
import { needed } from '../../../packages/daemon/test/needed.js';
import { openAdmission } from '../src/admission.js';
import { openBases } from '../src/bases.js';
import type { Builder } from '../src/builder.js';
import { limitsOf, settings, sourcesOf } from '../src/config.js';
import { jobHandlers, sideBySide } from '../src/job-handlers.js';

export const MiB = 1024 * 1024;
export const examples = fileURLToPath(new URL('../../../examples/', import.meta.url));
const template = 'berth_template_builder';

/** The builder on real PostgreSQL, Redis, registry and Docker, and its jails; only git and the releaser are not there. */
export async function openWorld(
  more: Record<string, string> = {},
  options: { withWorker?: boolean; freeMemory?: () => Promise<number> } = {},
) {
  const adminUrl = needed('TEST_DATABASE_URL');
  await prepareTemplate(adminUrl, template);
  const database = await createTestDatabase(adminUrl, template);
  const directory = await mkdtemp(join(tmpdir(), 'berth-builder-'));
  const instance = `bld${randomBytes(3).toString('hex')}`;
  const pool = `100.${104 + randomInt(8)}.${randomInt(4) * 64}.0/18`;
  const npmRegistry = (await run(['npm', 'config', 'get', 'registry'])).stdout.toString().trim();
  const config = settings.parse({
    BERTH_INSTANCE: instance,
    LOG_LEVEL: 'error',
    DATABASE_URL: database.url,
    REDIS_URL: needed('TEST_REDIS_URL'),
    BERTH_SECRET_KEY: randomBytes(32).toString('base64'),
    ENGINE_SOCKET: 'none',
    REGISTRY_URL: needed('TEST_REGISTRY_URL'),
    ...(process.env.TEST_REGISTRY_TOKEN_URL && { REGISTRY_TOKEN_URL: process.env.TEST_REGISTRY_TOKEN_URL }),
    BERTH_NPM_REGISTRY: npmRegistry,
    BERTH_GO_PROXY: process.env.BERTH_GO_PROXY ?? (await run(['go', 'env', 'GOPROXY'])).stdout.toString().trim(),
    BERTH_MIRROR: `${subnetPool(pool).routerGateway}:${mirrorPort}`,
    BERTH_APT_SOURCES: sourcesOfSuite(await readAptSources(), berth13.suite).join('|'),
    BERTH_APT_OPTIONS: (await readAptOptions()).join('|'),
    ...more,
  });
  const platform = openPlatform(config);
  const logger = openLogger('builder', config.LOG_LEVEL);
  const docker = await openDockerHost(
    {
      dockerSocket: process.env.DOCKER_SOCKET ?? '/var/run/docker.sock',
      instance,
      subnetPool: pool,
      registryPullHost: new URL(config.REGISTRY_URL).host,
      pullToken: config.REGISTRY_TOKEN_URL && openPullTokens(config.REGISTRY_TOKEN_URL.reveal()),
      platformImage: needed('BERTH_PLATFORM_IMAGE'),
      disksDirectory: directory,
      caBundle: '/etc/ssl/certs/ca-certificates.crt',
      cgroupRoot: '/sys/fs/cgroup',
      allowedPrivate: { stable: [], project: [], build: [] },
      sparesMax: 0,
    },
    () => {},
  );
  const registry = openRegistry({ url: config.REGISTRY_URL, tokenUrl: config.REGISTRY_TOKEN_URL?.reveal() });
  await ensureStack({ registry, tarPath: process.env.TEST_STACK_TAR ?? join(directory, 'stack.tar') });
  /** Jails that were opened, and what the tests look at. */
  const seen = { jails: 0 };
  const engine: BuildEngine = {
    ...docker.build,
    openJail: (spec) => {
      seen.jails += 1;
      return docker.build.openJail(spec);
    },
  };
  // Beside the stack: what takes long to make or to fetch is there for the next run.
  const tar = process.env.TEST_STACK_TAR;
  const cacheDir = tar ? join(dirname(tar), 'downloads') : join(tmpdir(), 'berth-test-downloads');
  const sources = { ...sourcesOf(config), cacheDir };
  const bases = openBases({ registry, sources });
  const limits = limitsOf(config);
  const builder: Builder = {
    platform,
    engine,
    registry,
    bases,
    logger,
    limits,
    admission: openAdmission({ platform, limits }, options.freeMemory),
    sources,
    mirror: config.BERTH_MIRROR,
    keySecret: createHash('sha256').update(config.BERTH_SECRET_KEY.reveal()).digest(),
  };
  const worker =
    options.withWorker === false
      ? undefined
      : work({
          db: platform.db,
          redis: platform.redis,
          queue: platform.queue,
          instance,
          leaseTtlMs: 2_000,
          handlers: jobHandlers(builder),
          concurrency: sideBySide(2),
          onError: (error, job) => logger.error({ err: error, job }, 'job'),
        });
  const owner = await createFirstAdmin(platform, { email: 'owner@example.com', name: 'Owner', password: 'password-1' });
  return {
    platform,
    builder,
    registry,
    owner,
    instance,
    seen,
    config,
    dockerEngine: docker.build,
    directory,
    close: async () => {
      await worker?.stop();
      const networks = ['docker', 'network', 'ls', '-q', '--filter', `label=berth.instance=${instance}`] as const;
      for (const id of (await run(networks)).stdout.toString().split('\n').filter(Boolean))
        await run(['docker', 'network', 'rm', id], { check: false });
      await dropFirewall(docker.host).catch(() => {});
      await docker.stop();
      const keys = await platform.redis.keys(`berth:${instance}:*`);
      if (keys.length > 0) await platform.redis.del(...keys);
      await platform.close();
      await registry.close();
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

export type Files = Record<string, string | undefined>;

/** A gzipped tar of an example with some files changed (undefined removes one), as `git archive` gives it. */
export async function archiveOf(example: string | undefined, changes: Files = {}): Promise<Buffer> {
  const directory = await mkdtemp(join(tmpdir(), 'berth-source-'));
  try {
    if (example) await cp(join(examples, example), directory, { recursive: true });
    for (const [path, text] of Object.entries(changes)) {
      await run(['mkdir', '-p', join(directory, path, '..')]);
      if (text === undefined) await rm(join(directory, path), { recursive: true });
      else await writeFile(join(directory, path), text);
    }
    const tar = await run(['tar', '--create', '--sort=name', '--directory', directory, '--file', '-', '.']);
    return gzipSync(tar.stdout, { level: 1 });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

export const newApp = (world: World, name?: string) =>
  createApp(world.platform, { actor: world.owner, ...(name ? { name } : {}) });

/** Pushes an archive to main and returns its build's id. */
export async function push(world: World, app: { id: string; repositoryId: string }, archive: Buffer): Promise<string> {
  const commit = randomBytes(20).toString('hex');
  const { digest, sizeBytes } = await pushSource(world.registry, { repositoryId: app.repositoryId, commit, archive });
  const { buildId } = await acceptPush(world.platform, {
    actor: world.owner,
    appId: app.id,
    ref: 'refs/heads/main',
    oldSha: '0'.repeat(40),
    newSha: commit,
    source: { commit, message: 'test', digest, sizeBytes },
  });
  if (!buildId) throw new Error('the push made no build');
  return buildId;
}

/** Waits until a build is over: its row, image, steps and whole output. */
export async function ended(world: World, buildId: string, timeoutMs = 120_000) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const build = await world.platform.db.build.findUniqueOrThrow({
      where: { id: buildId },
      include: { image: true, output: true, steps: true },
    });
    if (build.status !== 'pending' && build.status !== 'running') return build;
    if (Date.now() > end) throw new Error(`build ${buildId} is ${build.status} after ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function readExpect(example: string) {
  return JSON.parse(await readFile(join(examples, example, 'expect.json'), 'utf8')) as {
    push: 'ok' | 'rejected';
    message?: string;
    path?: string;
    body?: string;
    processes?: string[];
  };
}
