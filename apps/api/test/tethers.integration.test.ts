import { request } from 'node:http';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { berthConnect } from './berth-connect.js';
import { startFakeRouter } from './fake-router.js';
import { addPerson, startTestApi, type TestApi } from './start-test-api.js';

let api: TestApi;
let router: Awaited<ReturnType<typeof startFakeRouter>>;
let data: Server;
let connected: Awaited<ReturnType<typeof berthConnect>>;
const asAdmin = () => ({ url: api.url, token: api.admin.token });
const processes: (typeof connected)[] = [];
const berth = async (person: { url: string; token: string }, ...args: string[]) => {
  const started = await berthConnect(person, ...args);
  processes.push(started);
  return started;
};

beforeAll(async () => {
  router = await startFakeRouter();
  data = createServer((socket) => {
    socket.on('data', (bytes) => socket.write(`data: ${bytes}`)).on('error', () => {});
  });
  await new Promise<void>((done) => data.listen(0, '127.0.0.1', done));
  const at = (port: number) => ({ address: '127.0.0.1', port });
  api = await startTestApi({
    internalRouter: at(router.port),
    dataServer: at((data.address() as AddressInfo).port),
  });
  const { db } = api.platform;
  const app = await api.newApp('web');
  await api.ask('POST', '/pipelines', { name: 'orders' });
  const { teamId, environmentId } = await db.app.findUniqueOrThrow({ where: { id: app.id } });
  await api.ask('POST', '/pipeline-couplings', { app: app.id, pipeline: await pipelineId(), stage: 'production' });
  const project = { kind: 'project', baseId: environmentId, ownerId: api.admin.userId, teamId } as const;
  await db.environment.create({ data: { ...project, name: 'pa', subnet: '100.64.20.0/25' } });
  await db.environment.create({ data: { ...project, name: 'young' } });
  connected = await berth(asAdmin(), 'pa');
});
afterAll(async () => {
  for (const { child } of processes) child.kill('SIGKILL');
  await api.stop();
  router.stop();
  data.close();
});

const pipelineId = async () => (await api.platform.db.pipeline.findFirstOrThrow({ where: { name: 'orders' } })).id;

test('the proxy reaches the environment’s router as a caller of its network, by connections that are kept', async () => {
  const { status, text: said, headers } = await connected.get('http://orders.internal/cart?a=1', { 'x-body': 'b' });
  expect([status, said]).toEqual([200, 'GET orders.internal/cart?a=1 b']);
  expect(headers['x-line']).toBe('PROXY TCP4 100.64.20.1 127.0.0.1 65535 80');
  for (let count = 0; count < 5; count++) await connected.get('http://users.internal/');
  expect(router.lines).toHaveLength(1);
});

test('a service has a port of its own, which programs of this machine may use and pages of other sites may not', async () => {
  const url = connected.urlOf('ORDERS_URL');
  expect(await (await fetch(`${url}/x`)).text()).toBe('GET orders.internal/x ');
  const foreign = await fetch(`${url}/x`, { headers: { 'sec-fetch-site': 'cross-site' } });
  expect(foreign.status).toBe(403);
});

test('CONNECT and WebSockets go through, and an answer comes as it is written', async () => {
  const { port } = new URL(connected.urlOf('HTTP_PROXY'));
  const raw = connect({ host: '127.0.0.1', port: Number(port) });
  raw.write('CONNECT orders.internal:80 HTTP/1.1\r\nHost: orders.internal:80\r\n\r\n');
  raw.write('GET /raw HTTP/1.1\r\nHost: orders.internal\r\nConnection: close\r\n\r\n');
  expect(await text(raw)).toContain('GET orders.internal/raw');
  const headers = { connection: 'Upgrade', upgrade: 'echo' };
  const sent = request({ host: '127.0.0.1', port, path: 'http://orders.internal/', headers, agent: false }).end();
  const echoed = await new Promise((resolve) => {
    sent.on('upgrade', (_answer, socket) => {
      socket.write('hello');
      socket.once('data', (data: Buffer) => {
        resolve(String(data));
        socket.destroy();
      });
    });
  });
  expect(echoed).toBe('hello');
  const slow = request({ host: '127.0.0.1', port, path: 'http://orders.internal/slow', agent: false }).end();
  const first = await new Promise((resolve) => slow.on('response', (answer) => answer.once('data', resolve)));
  expect(String(first)).toBe('first part\n');
  slow.destroy();
});

test('the command gets a service’s config vars, and its database through a port of this machine', async () => {
  const { db } = api.platform;
  const own = await api.newApp('cart');
  await api.ask('POST', '/pipelines', { name: 'cart' });
  const pipeline = await db.pipeline.findFirstOrThrow({ where: { name: 'cart' } });
  const pa = await db.environment.findFirstOrThrow({ where: { name: 'pa' } });
  await db.app.update({ where: { id: own.id }, data: { environmentId: pa.id, pipelineId: pipeline.id } });
  await db.projectService.create({ data: { appId: own.id, userId: api.admin.userId, status: 'ready' } });
  await api.ask('PATCH', `/apps/${own.id}/config-vars`, {
    DATABASE_URL: 'postgres://u:p@data.internal:5432/d',
    A: "it's",
  });
  const { said, urlOf } = await berth(asAdmin(), 'pa', '--as', 'cart');
  expect(said.out).toContain(`export A='it'\\''s'\n`);
  const { hostname, port, pathname } = new URL(urlOf('DATABASE_URL'));
  expect([hostname, pathname]).toEqual(['127.0.0.1', '/d']);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write('hello');
  expect(String(await new Promise((resolve) => socket.once('data', resolve)))).toBe('data: hello');
  socket.destroy();
});

test('a request that is not for the proxy is told so', async () => {
  expect((await fetch(connected.urlOf('HTTP_PROXY'))).status).toBe(400);
});

test('others are refused in one sentence: another team, a viewer, an environment without a network', async () => {
  const by = { userId: api.admin.userId };
  const viewer = await addPerson(api.platform, by, { email: 'viewer@example.com', role: 'viewer' });
  const left = await addPerson(api.platform, by, { email: 'left@example.com', role: 'member' });
  await api.platform.db.membership.deleteMany({ where: { userId: left.userId } });
  const refused = async (token: string, environment: string) => {
    const { code, said } = await berth({ url: api.url, token }, environment);
    expect(code).not.toBe(0);
    return said.err;
  };
  expect(await refused(viewer.token, 'pa')).toContain('does not allow this');
  expect(await refused(left.token, 'pa')).toContain('Couldn');
  expect(await refused('berth_wrong', 'pa')).toContain('Invalid credentials');
  expect(await refused(api.admin.token, 'young')).toContain('has no network yet');
});

test('a stream of somebody else’s machine is not found', async () => {
  const by = { userId: api.admin.userId };
  const { token } = await addPerson(api.platform, by, { email: 'other@example.com', role: 'member' });
  const answer = await new Promise<number>((resolve) => {
    const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
    const key = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', authorization: `Bearer ${token}` };
    const path = `${api.url}/tethers/0190a2b4-0000-7000-8000-000000000000/streams`;
    request(path, { headers: { ...headers, ...key } })
      .on('response', ({ statusCode = 0 }) => resolve(statusCode))
      .end();
  });
  expect(answer).toBe(404);
});

test('it ends with the environment, and says so', async () => {
  const { db } = api.platform;
  const { baseId, teamId } = await db.environment.findFirstOrThrow({ where: { name: 'pa' } });
  const data = { kind: 'project', name: 'short', baseId, teamId, subnet: '100.64.21.0/25' } as const;
  const short = await db.environment.create({ data });
  const ending = await berth(asAdmin(), 'short');
  await db.environment.update({ where: { id: short.id }, data: { destroyedAt: new Date() } });
  expect(await ending.exited).toBe(1);
  expect(ending.said.err).toContain('Couldn');
});
