import { randomBytes } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { berthConnect } from './berth-connect.js';
import { startFakeRouter } from './fake-router.js';
import { addPerson, startTestApi, type TestApi } from './start-test-api.js';

/** What is reached from a laptop beside a project environment's own services: stable environments, and Redis servers of add-ons. */
let api: TestApi;
let router: Awaited<ReturnType<typeof startFakeRouter>>;
let redisRouter: Server;
let member: { userId: string; token: string };
const processes: Awaited<ReturnType<typeof berthConnect>>[] = [];
const berth = async (token: string, ...args: string[]) => {
  const started = await berthConnect({ url: api.url, token }, ...args);
  processes.push(started);
  return started;
};
const ids = { stable: '', app: '' };

beforeAll(async () => {
  router = await startFakeRouter();
  redisRouter = createServer((socket) => socket.on('error', () => {}).pipe(socket)); // also the PROXY line
  await new Promise<void>((done) => redisRouter.listen(0, '127.0.0.1', done));
  const at = (port: number) => ({ address: '127.0.0.1', port });
  api = await startTestApi({
    internalRouter: at(router.port),
    redisRouter: at((redisRouter.address() as AddressInfo).port),
  });
  const { db } = api.platform;
  const app = await api.newApp('orders');
  const { environmentId } = await db.app.findUniqueOrThrow({ where: { id: app.id } });
  Object.assign(ids, { stable: environmentId, app: app.id });
  await db.environment.update({ where: { id: environmentId }, data: { subnet: '100.64.16.0/22' } });
  const by = { userId: api.admin.userId };
  member = await addPerson(api.platform, by, { email: 'member@example.com', role: 'member' });
}, 60_000);
afterAll(async () => {
  for (const { child } of processes) child.kill('SIGKILL');
  await api?.stop();
  router?.stop();
  redisRouter?.close();
});

/** A Redis server of an app, as the releaser has made and seen it. */
async function addRedis(appId: string, serverAddress: string | null) {
  const word = randomBytes(8).toString('hex');
  const { teamId } = await api.platform.db.app.findUniqueOrThrow({ where: { id: appId } });
  const about = { service: 'heroku-redis', plan: 'mini', name: `redis-${word}`, database: `d_${word}` };
  const status = 'provisioned' as const;
  const data = { ...about, status, teamId, appId, serverAddress, createdById: api.admin.userId };
  const { id } = await api.platform.db.addOn.create({ data });
  return { id, name: about.name, host: `redis-${word}.internal` };
}
const attach = (addOnId: string, appId: string, name: string) =>
  api.platform.db.attachment.create({ data: { addOnId, appId, name } });

/** What the fake router answers to `hello`, without the line that came first, and that line. */
async function speak(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  let heard = '';
  await new Promise<void>((resolve) => {
    socket.on('data', (part) => {
      heard += part;
      if (heard.includes('hello')) socket.destroy();
    });
    socket.on('error', () => {}).on('close', () => resolve());
    socket.write('hello');
  });
  return heard;
}

describe('a stable environment', () => {
  test('is reached as by an app of its network, and has its service’s config vars', async () => {
    await api.ask('PATCH', '/apps/orders/config-vars', { GREETING: 'hi' });
    const connected = await berth(member.token, 'production', '--as', 'orders');
    const { text, headers } = await connected.get('http://orders.internal/cart');
    expect([text, headers['x-line']]).toEqual([
      'GET orders.internal/cart ',
      'PROXY TCP4 100.64.16.1 127.0.0.1 65535 80',
    ]);
    expect(connected.urlOf('GREETING')).toBe('hi');
    const noted = await api.platform.db.event.findMany({ where: { name: 'environment.tethered' } });
    expect(noted).toMatchObject([{ nounId: ids.stable, userId: member.userId }]);
    expect(connected.urlOf('ORDERS_URL')).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test('gives no service of it to a machine', async () => {
    const { code, said } = await berth(api.admin.token, 'production', '--detour', 'orders=3000');
    expect(code).not.toBe(0);
    expect(said.err.replaceAll(/\s+/g, ' ')).toContain(
      'production is a stable environment: only services of a project environment can be answered by your machine.',
    );
    expect(await api.platform.db.detour.count()).toBe(0);
  });

  test('is closed to viewers, to others, and to whom its policy lets not deploy, also while one is connected', async () => {
    const by = { userId: api.admin.userId };
    const viewer = await addPerson(api.platform, by, { email: 'viewer@example.com', role: 'viewer' });
    const refused = async (token: string, environment = 'production') => {
      const { code, said } = await berth(token, environment);
      expect(code).not.toBe(0);
      return said.err.replaceAll(/\s+/g, ' ');
    };
    expect(await refused(viewer.token)).toContain('does not allow this');
    expect(await refused(member.token, 'nowhere')).toContain('Couldn');
    const connected = await berth(member.token, 'production');
    const change = (role: string) =>
      api.ask('PATCH', '/teams/default/environments/production', { policy: { deploy_role: role } });
    await change('admin');
    const sentence = 'Reaching production needs the role admin; yours is member.';
    expect(await refused(member.token)).toContain(sentence);
    expect(await connected.exited).toBe(1);
    expect(connected.said.err).toContain(sentence);
    await change('member');
  });

  test('is named with its team where several have one of its name', async () => {
    await api.ask('POST', '/teams', { name: 'second' });
    const { code, said } = await berth(api.admin.token, 'production');
    expect(code).not.toBe(0);
    expect(said.err).toContain('Several of your teams have an environment production');
    const connected = await berth(api.admin.token, 'production', '--team', 'default');
    expect((await connected.get('http://orders.internal/')).status).toBe(200);
    const others = await berth(member.token, 'production', '--team', 'second');
    expect(others.said.err).toContain('Couldn');
  });
});

describe('a Redis server', () => {
  test('of an app, and one that it shares, are reached by ports of this machine; others are not', async () => {
    const { db } = api.platform;
    await api.ask('POST', '/pipelines', { name: 'cart' });
    const pipeline = await db.pipeline.findFirstOrThrow({ where: { name: 'cart' } });
    const cart = await api.newApp('cart');
    const { teamId } = await db.app.findUniqueOrThrow({ where: { id: cart.id } });
    const project = { kind: 'project', baseId: ids.stable, teamId, subnet: '100.64.20.0/25' } as const;
    const { id: environmentId } = await db.environment.create({ data: { ...project, name: 'pa' } });
    await db.app.update({ where: { id: cart.id }, data: { environmentId, pipelineId: pipeline.id } });
    await db.projectService.create({ data: { appId: cart.id, userId: api.admin.userId, status: 'ready' } });
    const own = await addRedis(cart.id, '100.64.20.9');
    const shared = await addRedis(ids.app, '100.64.16.9');
    const asleep = await addRedis(cart.id, null);
    const others = await addRedis(ids.app, '100.64.16.10');
    await attach(own.id, cart.id, 'OWN');
    await attach(shared.id, cart.id, 'SHARED');
    await attach(asleep.id, cart.id, 'DOWN');
    await attach(others.id, ids.app, 'OTHERS');
    const urls = Object.entries({ OWN: own, SHARED: shared, DOWN: asleep, OTHERS: others });
    const vars = Object.fromEntries(urls.map(([name, { host }]) => [`MY_${name}`, `redis://u:p@${host}:6379`]));
    await api.ask('PATCH', '/apps/cart/config-vars', vars);
    const connected = await berth(member.token, 'pa', '--as', 'cart');
    const line = (address: string) => `PROXY TCP4 127.0.0.1 ${address} 65535 6379\r\n`;
    expect(connected.urlOf('MY_OWN')).toMatch(/^redis:\/\/u:p@127\.0\.0\.1:\d+$/);
    expect(await speak(connected.urlOf('MY_OWN'))).toBe(`${line('100.64.20.9')}hello`);
    expect(await speak(connected.urlOf('MY_SHARED'))).toBe(`${line('100.64.16.9')}hello`);
    expect(await speak(connected.urlOf('MY_DOWN'))).toBe('');
    expect(await speak(connected.urlOf('MY_OTHERS'))).toBe('');
    await db.addOn.update({ where: { id: own.id }, data: { serverAddress: '100.64.20.10' } }); // it was started again
    expect(await speak(connected.urlOf('MY_OWN'))).toBe(`${line('100.64.20.10')}hello`);
  });
});
