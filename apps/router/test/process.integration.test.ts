import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { reportProbe } from '@berth/domain/doctor-report';
import { readLines } from '@berth/logs/log-stream';
import { readHops } from '@berth/logs/probe-hops';
import { createApp } from '@berth/platform/apps/create-app';
import { setMaintenance } from '@berth/platform/apps/set-maintenance';
import { putInstance } from '@berth/platform/instances/put-instance';
import { getProjectLink } from '@berth/platform/projects/get-project-link';
import { startProbe } from '@berth/platform/projects/start-probe';
import { findCurrentRollout } from '@berth/platform/rollouts/find-current';
import { listServers } from '@berth/platform/routes/list-servers';
import { putBackend } from '@berth/platform/routes/put-backend';
import { putServer } from '@berth/platform/routes/put-server';
import { setServerWanted } from '@berth/platform/routes/set-server-wanted';
import { switchRoute } from '@berth/platform/routes/switch-route';
import { waitRouteApplied } from '@berth/platform/routes/wait-route-applied';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../packages/daemon/test/free-port.js';
import { until } from '../../../packages/daemon/test/until.js';
import { deploy, openWorld, type World } from '../../../packages/platform/test/open-world.js';
import { startApp } from './app-server.js';
import { startEcho } from './echo-app.js';
import { startHaproxy } from './real-router.js';
import { request } from './request.js';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

let world: World;
let haproxy: Awaited<ReturnType<typeof startHaproxy>>;
let controller: ChildProcess;

/** The process as it runs in its container; its pool is on loopback, so that the gateway is an address of this host. */
async function startProcess(): Promise<ChildProcess> {
  const { settings } = haproxy;
  return spawn(process.execPath, [main], {
    stdio: 'inherit',
    env: {
      ...process.env,
      LOG_LEVEL: 'warn',
      BERTH_INSTANCE: world.platform.instance,
      DATABASE_URL: world.databaseUrl,
      REDIS_URL: process.env.TEST_REDIS_URL,
      BERTH_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
      BERTH_ROUTER_DIR: settings.dir,
      BERTH_SUBNET_POOL: '127.80.0.0/12',
      BERTH_PORT: String(settings.platformPort),
      BERTH_APPS_PORT: String(settings.appsPort),
      BERTH_APPS_TLS_PORT: String(settings.appsTlsPort),
      BERTH_SSH_PORT: String(settings.sshPort),
      BERTH_HEALTH_PORT: String(await freePort()),
    },
  });
}

beforeAll(async () => {
  world = await openWorld();
  haproxy = await startHaproxy();
  controller = await startProcess();
});
afterAll(async () => {
  controller.kill('SIGKILL');
  await haproxy.stop();
  await world.close();
});

/** What the releaser does for one rollout with one instance. */
async function rollOut(appId: string, commit: string, port: number) {
  const { platform } = world;
  await deploy(world, appId, commit);
  const rolloutId = (await findCurrentRollout(platform.db, appId))?.id ?? '';
  const instance = { rolloutId, appId, processType: 'web', index: 1, containerId: commit, address: '127.0.0.1', port };
  const { id: instanceId } = await putInstance(platform, { ...instance, state: 'starting' });
  await putBackend(platform, { rolloutId, healthcheck: { path: '/', strict: true } });
  await putServer(platform, { instanceId, rolloutId, address: '127.0.0.1', port, wanted: 'probe' });
  await until('healthy', async () => (await listServers(platform, { rolloutId }))[0]?.seen === 'healthy', 20_000);
  await setServerWanted(platform, { instanceId, wanted: 'ready' });
  const lease = await world.lease(`rollout:${rolloutId}`);
  const { version } = await switchRoute(platform, { appId, rolloutId, lease });
  await waitRouteApplied(platform, { appId, version, signal: AbortSignal.timeout(10_000) });
}

test('the process serves what the rows say, through a kill of it, and writes the app’s router lines', async () => {
  const { platform, owner } = world;
  const app = await createApp(platform, { actor: owner, name: 'harbor' });
  const get = async () => (await request(haproxy.settings.appsPort, 'harbor.localhost')).text;
  const [one, two] = [await startApp('one'), await startApp('two')];
  await rollOut(app.id, 'one', one.port);
  expect(await get()).toBe('one');
  const lines = () => readLines(platform.redis, platform.instance, app.id, { count: 100 });
  const untilRouterLines = (count: number) =>
    until('lines', async () => (await lines()).filter(({ process }) => process === 'router').length >= count);
  await untilRouterLines(1);
  controller.kill('SIGKILL');
  await once(controller, 'exit');
  expect(await get()).toBe('one');
  controller = await startProcess();
  await rollOut(app.id, 'two', two.port);
  expect(await get()).toBe('two');
  await untilRouterLines(2); // the line of the request in between may have gone into the dead process's socket
  expect((await lines()).map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/^at=info method=GET path="\/" host=harbor\.localhost .* dyno=web\.1 .* status=200/),
  );
  await setMaintenance(platform, { actor: owner, app: 'harbor', isOn: true });
  await until('maintenance', async () => (await get()).includes('Offline for maintenance'));
  await Promise.all([one.kill(), two.kill()]);
});

test('a doctor’s probe of a project upon rows goes through HAProxy, and the process tells its hops', async () => {
  const { platform, owner } = world;
  const app = await createApp(platform, { actor: owner, name: 'probed' });
  const { teamId, environmentId: baseId } = await platform.db.app.findUniqueOrThrow({ where: { id: app.id } });
  await platform.db.environment.create({
    data: { teamId, name: 'pa', kind: 'project', baseId, ownerId: owner.userId },
  });
  const base = await platform.db.environment.findUniqueOrThrow({ where: { id: baseId } });
  const served = await startEcho('probed');
  await rollOut(app.id, 'probed', served.port);
  const of = { actor: owner, environment: 'pa', service: 'probed' };
  const link = await getProjectLink(platform, { ...of, path: '/cart' });
  const opened = new URL(link.url);
  const answer = await request(haproxy.settings.appsPort, opened.hostname, { path: opened.pathname + opened.search });
  expect(answer).toMatchObject({ status: 303, headers: { location: '/cart' } });
  const { trace, host, cookie, environment } = await startProbe(platform, of);
  const seen = await request(haproxy.settings.appsPort, host, { headers: { cookie } });
  expect(JSON.parse(seen.text)).toEqual({ app: 'probed', baggage: `berth-env=pa,berth-trace=${trace}` });
  const hops = () => readHops(platform.redis, platform.instance, trace);
  await until('the hop is told', async () => (await hops()).length > 0);
  expect(reportProbe(await hops(), environment)).toMatchObject({
    hops: [{ caller: null, mark: 'pa', status: 200, answeredBy: { environment: base.name, process: 'web.1' } }],
    services: [{ service: 'probed', environment: base.name, verdict: 'no-calls' }],
  });
  await served.kill();
});

test('SIGTERM ends the process and HAProxy serves on', async () => {
  controller.kill('SIGTERM');
  const [code] = await once(controller, 'exit');
  expect(code).toBe(0);
  expect((await request(haproxy.settings.appsPort, 'nobody.localhost')).status).toBe(404);
});
