import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { openLogger } from '@berth/daemon/logger';
import { type Hop, type HopTree, reportProbe } from '@berth/domain/doctor-report';
import { environmentCookie, signEnvironmentToken } from '@berth/domain/environment-token';
import { routerPaths } from '@berth/router/router-settings';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { collectLogs } from '../src/collect-logs.js';
import { HopTracer } from '../src/hop-tracer.js';
import { type ChainApp, type Seen, startChainApp } from './chain-app.js';
import { startRouter } from './test-router.js';

/**
 * web → orders → users → mail. Stable has all of them, the project pa its own orders and mail, pb its own web and users.
 * Each environment has a network of its own on loopback.
 */
const nextOf: Record<string, string | undefined> = { web: 'orders', orders: 'users', users: 'mail' };
const networks: Record<string, string> = { daily: '127.1.1', pa: '127.1.2', pb: '127.1.3' };
const services = [
  ...['web@daily', 'orders@daily', 'users@daily', 'mail@daily'],
  ...['orders@pa', 'mail@pa', 'web@pb', 'users@pb'],
];
const wanted: Record<string, string[]> = {
  daily: ['web@daily', 'orders@daily', 'users@daily', 'mail@daily'],
  pa: ['web@daily', 'orders@pa', 'users@daily', 'mail@pa'],
  pb: ['web@pb', 'orders@daily', 'users@pb', 'mail@daily'],
};

let router: Awaited<ReturnType<typeof startRouter>>;
let collector: Awaited<ReturnType<typeof collectLogs>>;
let tracer: HopTracer;
const apps: ChainApp[] = [];

/** One service with one instance, at an address of its environment's network. */
async function deploy(name: string, index: number, options: { carries: boolean }): Promise<void> {
  const { source } = router;
  const [service = '', environmentId = ''] = name.split('@');
  const address = `${networks[environmentId]}.${index + 10}`;
  const routerPort = router.settings.internal.port;
  const app = await startChainApp({ app: name, address, routerPort, next: nextOf[service], ...options });
  apps.push(app);
  const appId = environmentId === 'daily' ? service : `${service}--${environmentId}`;
  if (!source.routes.has(appId)) source.addApp(appId, { environmentId, service });
  const rolloutId = `${appId}-${randomUUID()}`;
  source.addRollout(appId, rolloutId);
  source.addServer(rolloutId, `${rolloutId}-1`, app.port, 'probe', address);
  await until(`${name} is healthy`, () => source.server(`${rolloutId}-1`).seen === 'healthy');
  source.want(`${rolloutId}-1`, 'ready');
  await router.switchTo(appId, rolloutId);
}

beforeAll(async () => {
  router = await startRouter();
  for (const [id, network] of Object.entries(networks))
    router.source.addEnvironment(id, { baseId: id === 'daily' ? null : 'daily', subnet: `${network}.0/24` });
  for (const [index, name] of services.entries()) await deploy(name, index, { carries: true });
  tracer = new HopTracer(router.controller.apps);
  collector = await collectLogs({
    socketPath: routerPaths(router.settings.dir).logSocket,
    apps: router.controller.apps,
    onLine: (line) => tracer.note(line),
    append: async () => {},
    logger: openLogger('router-test', 'warn'),
  });
});
afterAll(async () => {
  await collector.stop();
  await Promise.all(apps.map((app) => app.stop()));
  await router.stop();
});

const token = (environment: string, trace?: string) => {
  const until = Math.floor(Date.now() / 1000) + 60;
  return signEnvironmentToken({ key: router.settings.linkKey, environment, baseId: 'daily', until, trace });
};
/** A request from outside to stable's web, as an environment sees it; a forged mark of another one comes with each. */
async function walk(environment: string, trace?: string): Promise<Seen[]> {
  const cookie = environment === 'daily' ? 'a=1' : `${environmentCookie}=${token(environment, trace)}`;
  const host = environment === 'pb' ? 'web--pb.localhost' : 'web.localhost';
  const answer = await router.get(host, { headers: { cookie, baggage: 'berth-env=pb,u=1' } });
  return JSON.parse(answer.text);
}

test('2,000 interleaved requests of two projects and stable: each hop is answered by the right version', async () => {
  const environments = Object.keys(wanted);
  const wrong: unknown[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (next < 2_000) {
        const environment = environments[next++ % environments.length] ?? '';
        const names = (await walk(environment)).map(({ app }) => app);
        if (names.join() !== wanted[environment]?.join()) wrong.push([environment, names]);
      }
    }),
  );
  expect(wrong).toEqual([]);
});

test('an upgrade to a WebSocket keeps the mark, from outside and inside', async () => {
  const upgrade = async (port: number, headers: Record<string, string>, localAddress = '127.0.0.1') => {
    const key = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13' };
    const upgraded = { connection: 'Upgrade', upgrade: 'websocket', ...key };
    const sent = httpRequest({ host: '127.0.0.1', port, localAddress, headers: { ...upgraded, ...headers } });
    sent.on('response', ({ statusCode }) => sent.destroy(new Error(`answered with ${statusCode}`)));
    sent.end();
    const [answer, socket] = await once(sent, 'upgrade');
    socket.destroy();
    return answer.headers['x-seen'];
  };
  const { appsPort, internal } = router.settings;
  expect(await upgrade(appsPort, { host: 'web--pb.localhost' })).toBe('web@pb berth-env=pb');
  const cookie = `${environmentCookie}=${token('pa')}`;
  expect(await upgrade(appsPort, { host: 'web.localhost', cookie })).toBe('web@daily berth-env=pa');
  const inside = { host: 'orders.internal' };
  expect(await upgrade(internal.port, inside, '127.1.2.99')).toBe('orders@pa berth-env=pa');
  expect(await upgrade(internal.port, { ...inside, baggage: 'berth-env=pa' }, '127.1.1.99')).toBe(
    'orders@pa berth-env=pa',
  );
  expect(await upgrade(internal.port, inside, '127.1.1.99')).toBe('orders@daily undefined');
});

/** The hops of one probe, once the outermost is there: it ends last. */
async function probe(environment: string): Promise<{ hops: Hop[]; names: string[] }> {
  const trace = randomUUID();
  const names = (await walk(environment, trace)).map(({ app }) => app);
  const hops: Hop[] = [];
  await until('the line of the edge', () => {
    hops.push(...(tracer.take().get(trace) ?? []));
    return hops.some(({ caller }) => caller === null);
  });
  return { hops, names };
}
const draw = (trees: readonly HopTree[]): unknown[] =>
  trees.map(({ answeredBy, isTraced, calls }) => [
    `${answeredBy?.service}@${answeredBy?.environment}${isTraced ? '' : ' (lost)'}`,
    ...draw(calls),
  ]);

test('the doctor draws a chain that carries the mark, beside other requests', async () => {
  const others = Promise.all(Array.from({ length: 50 }, () => walk('daily')));
  const { hops, names } = await probe('pa');
  await others;
  expect(names).toEqual(wanted.pa);
  const report = reportProbe(
    hops.filter(({ isTraced }) => isTraced),
    'pa',
  );
  expect(draw(report.hops)).toEqual([['web@daily', ['orders@pa', ['users@daily', ['mail@pa']]]]]);
  expect(hops.filter(({ isTraced }) => isTraced).map(({ mark }) => mark)).toEqual(['pa', 'pa', 'pa', 'pa']);
});

test('the doctor finds who loses the mark, and whether the router puts it back', async () => {
  await deploy('users@daily', 50, { carries: false });
  const stable = await probe('pa');
  expect(stable.names).toEqual(['web@daily', 'orders@pa', 'users@daily', 'mail@daily']);
  const report = reportProbe(stable.hops, 'pa');
  expect(draw(report.hops)).toEqual([['web@daily', ['orders@pa', ['users@daily', ['mail@daily (lost)']]]]]);
  expect(report.services.map(({ service, verdict }) => [service, verdict])).toEqual([
    ['web', 'carried'],
    ['orders', 'carried'],
    ['users', 'lost'],
  ]);
  await deploy('orders@pa', 51, { carries: false });
  const own = await probe('pa');
  expect(own.names).toEqual(['web@daily', 'orders@pa', 'users@daily', 'mail@daily']);
  expect(reportProbe(own.hops, 'pa').services).toContainEqual({
    ...{ service: 'orders', environment: 'pa', verdict: 'lost', carried: 0, lost: 1 },
    isRemarked: true,
  });
});
