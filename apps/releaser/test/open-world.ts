import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@berth/daemon/spawn';
import { createTestDatabase, prepareTemplate } from '@berth/db/test-database';
import { Secret } from '@berth/domain/secret';
import { openReleaseEngine } from '@berth/engine/release-client';
import { openPlatform } from '@berth/platform/platform';
import { freePort } from '../../../packages/daemon/test/free-port.js';
import { needed } from '../../../packages/daemon/test/needed.js';
import { until } from '../../../packages/daemon/test/until.js';
import { platformSource } from '../../router/src/platform-source.js';
import { startController, startHaproxy } from '../../router/test/real-router.js';
import { startProcess } from './processes.js';

const template = 'berth_template_releaser';
/** Of a Berth whose registry asks who one is. */
const registrySignIn = process.env.TEST_REGISTRY_TOKEN_URL && {
  REGISTRY_TOKEN_URL: process.env.TEST_REGISTRY_TOKEN_URL,
};
/**
 * Networks of these tests, apart from a person's Berth on the same host. Each app has a network of its own (/22), so a /16; the two
 * files that run side by side have different ones.
 */
const fileNumber = 2 * (process.ppid % 4) + (Number(process.env.VITEST_POOL_ID) % 2);
const subnetPool = process.env.TEST_SUBNET_POOL ?? `100.${120 + fileNumber}.0.0/16`;

/**
 * The line from a pending release to a request: real PostgreSQL, Redis, registry, Docker and HAProxy, the host process and
 * the releaser as processes of their own, the router's controller.
 * @param more settings of the host process and the releaser
 */
export async function openWorld(more: Record<string, string> = {}) {
  const adminUrl = needed('TEST_DATABASE_URL');
  await prepareTemplate(adminUrl, template);
  const database = await createTestDatabase(adminUrl, template);
  const directory = await mkdtemp(join(tmpdir(), 'berth-releaser-'));
  for (const name of ['run/build', 'run/release', 'run/attach', 'disks'])
    await mkdir(join(directory, name), { recursive: true });
  const instance = `rel${randomBytes(3).toString('hex')}`;
  const common = { BERTH_INSTANCE: instance, LOG_LEVEL: process.env.LOG_LEVEL ?? 'info', ...more, ...registrySignIn };
  const settings = {
    ...common,
    DATABASE_URL: database.url,
    REDIS_URL: needed('TEST_REDIS_URL'),
    BERTH_SECRET_KEY: randomBytes(32).toString('base64'),
  };
  const engineSocket = join(directory, 'run/release/engine.sock');
  const host = startProcess('host', {
    ...common,
    REDIS_URL: settings.REDIS_URL,
    REGISTRY_PULL_HOST: new URL(needed('TEST_REGISTRY_URL')).host,
    BERTH_IMAGE: needed('BERTH_PLATFORM_IMAGE'),
    BERTH_RUN_DIR: join(directory, 'run'),
    BERTH_DISKS_DIR: join(directory, 'disks'),
    BERTH_SUBNET_POOL: subnetPool,
    BERTH_PREPARED_JAILS: '0',
    HEALTH_PORT: String(await freePort()),
  });
  const engine = openReleaseEngine(engineSocket);
  await until(
    'the engine answers',
    () =>
      engine.listInstances().then(
        () => true,
        () => false,
      ),
    60_000,
  ).catch((error) => {
    throw new Error(`${error.message}\n${host.output()}`);
  });
  const platform = openPlatform({
    ...settings,
    BERTH_SECRET_KEY: new Secret(settings.BERTH_SECRET_KEY),
    BERTH_DOMAIN: 'localhost',
    BERTH_PORT: 5000,
    BERTH_APPS_PORT: 8080,
    BERTH_APPS_TLS_PORT: 8443,
    BERTH_SSH_PORT: 2222,
  });
  const [wakePort, runPort, shellPort] = [await freePort(), await freePort(), await freePort()];
  const router = await startRouter(platform, wakePort);
  const startReleaser = async (wake: number, runs: number, shells: number) =>
    startProcess('releaser', {
      ...settings,
      ENGINE_SOCKET: engineSocket,
      REGISTRY_URL: needed('TEST_REGISTRY_URL'),
      HEALTH_PORT: String(await freePort()),
      BERTH_LEASE_TTL_MS: '2000',
      BERTH_WAKE_PORT: String(wake),
      BERTH_RUN_PORT: String(runs),
      BERTH_SHELL_PORT: String(shells),
    });
  const releaser = await startReleaser(wakePort, runPort, shellPort);
  return {
    platform,
    engine,
    host,
    router,
    releaser,
    instance,
    wakePort,
    /** Where whoever attaches to a one-off comes to the releaser. */
    runPort,
    /** Where our other processes ask it for shells. */
    shellPort,
    /** A second one beside it, with ports of its own; whoever starts it stops it. */
    startSecondReleaser: async () => startReleaser(await freePort(), await freePort(), await freePort()),
    /** One request through the router, on a connection of its own. */
    get: (app: string, path = '/') => get(router.appsPort, `${app}.localhost`, path),
    close: async () => {
      await releaser.stop();
      await router.stop();
      for (const status of await engine.listInstances()) await engine.removeInstance(status, 0);
      for (const { id } of await platform.db.environment.findMany()) await engine.removeNetwork(id);
      await engine.close();
      await host.stop();
      const networks = ['docker', 'network', 'ls', '-q', '--filter', `label=berth.instance=${instance}`] as const;
      for (const id of (await run(networks)).stdout.toString().split('\n').filter(Boolean))
        await run(['docker', 'network', 'rm', id], { check: false });
      const keys = await platform.redis.keys(`berth:${instance}:*`);
      if (keys.length > 0) await platform.redis.del(...keys);
      await platform.close();
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

async function startRouter(platform: ReturnType<typeof openPlatform>, wakePort: number) {
  const haproxy = await startHaproxy({ settings: { wake: { address: '127.0.0.1', port: wakePort } } });
  const controller = startController(haproxy.settings, platformSource(platform));
  const ended = new AbortController();
  const ringing = (async () => {
    while (!ended.signal.aborted) {
      await platform.wake.wait(['routes'], 1_000, ended.signal);
      controller.ring();
    }
  })();
  return {
    haproxy,
    appsPort: haproxy.settings.appsPort,
    stop: async () => {
      ended.abort();
      await ringing;
      await controller.stop();
      await haproxy.stop();
    },
  };
}

function get(port: number, hostname: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, path, headers: { host: hostname }, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    });
    outgoing.on('error', reject).end();
  });
}
