import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { endAllDetours } from '@berth/platform/tethers/end-all-detours';
import { listDetours } from '@berth/platform/tethers/list-detours';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { detourServer } from '../src/tethers/detour-server.js';
import { OpenTethers } from '../src/tethers/open-tethers.js';
import { berthConnect } from './berth-connect.js';
import { startFakeRouter } from './fake-router.js';
import { addPerson, startTestApi, type TestApi } from './start-test-api.js';

let api: TestApi;
let router: Awaited<ReturnType<typeof startFakeRouter>>;
const tethers = new OpenTethers();
let carrier: Server;
let local: Server;
const processes: Awaited<ReturnType<typeof berthConnect>>[] = [];
const portOf = (server: Server) => (server.address() as AddressInfo).port;
const berth = async (token: string, ...args: string[]) => {
  const started = await berthConnect({ url: api.url, token }, 'pa', ...args);
  processes.push(started);
  return started;
};

beforeAll(async () => {
  router = await startFakeRouter();
  api = await startTestApi({ internalRouter: { address: '127.0.0.1', port: router.port }, tethers });
  carrier = detourServer(tethers).listen(0, '127.0.0.1');
  local = createServer(async (asked, answer) => {
    if (asked.url === '/never') return;
    answer.end(`local ${asked.method} ${asked.headers.host}${asked.url} ${await text(asked)}`);
  });
  local.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    socket.pipe(socket);
  });
  local.listen(0, '127.0.0.1');
  const { db } = api.platform;
  const app = await api.newApp('orders');
  await api.ask('POST', '/pipelines', { name: 'orders' });
  const pipeline = await db.pipeline.findFirstOrThrow({ where: { name: 'orders' } });
  const { teamId, environmentId } = await db.app.update({ where: { id: app.id }, data: { pipelineId: pipeline.id } });
  const project = { kind: 'project', baseId: environmentId, ownerId: api.admin.userId, teamId } as const;
  await db.environment.create({ data: { ...project, name: 'pa', subnet: '100.64.20.0/25' } });
});
afterEach(async () => {
  for (const { child, exited } of processes.splice(0)) {
    child.kill('SIGKILL');
    await exited;
  }
  while ((await listDetours(api.platform)).length > 0);
});
afterAll(async () => {
  await api.stop();
  for (const server of [carrier, local]) server.close().closeAllConnections();
  router.stop();
});

const detourTo = () => `orders=${portOf(local)}`;
/** As the router asks. */
const ask = async (path: string, body = '') => {
  const [detour] = await listDetours(api.platform);
  const headers = { host: 'orders.internal', 'berth-detour': detour?.id ?? 'none' };
  const to = { host: '127.0.0.1', port: portOf(carrier), path, headers, method: body ? 'POST' : 'GET', agent: false };
  const [answer] = await once(request(to).end(body), 'response');
  return { status: answer.statusCode as number, text: await text(answer) };
};

test('a machine answers for a service; people see whose, and the app’s log says it', async () => {
  await berth(api.admin.token, '--detour', detourTo());
  expect(await ask('/a?b=1', 'a body')).toEqual({ status: 200, text: 'local POST orders.internal/a?b=1 a body' });
  for (let count = 0; count < 20; count++) expect((await ask(`/${count}`)).status).toBe(200);
  const { body } = await api.ask('GET', '/environments/pa');
  expect(body.detours).toMatchObject([{ service: 'orders', by: { email: 'admin@example.com' } }]);
  const { id } = await api.platform.db.app.findFirstOrThrow({ where: { name: 'orders' } });
  const log = await api.platform.redis.xrange((await api.platform.redis.keys(`*${id}*`))[0] ?? '', '-', '+');
  expect(JSON.stringify(log)).toContain('Calls to orders in pa are answered by the machine of admin@example.com');
});

test('a WebSocket goes through', async () => {
  await berth(api.admin.token, '--detour', detourTo());
  const [detour] = await listDetours(api.platform);
  const headers = { connection: 'Upgrade', upgrade: 'echo', 'berth-detour': detour?.id };
  const sent = request({ host: '127.0.0.1', port: portOf(carrier), headers, agent: false }).end();
  const [, socket] = await once(sent, 'upgrade');
  socket.write('hello');
  expect(String((await once(socket, 'data'))[0])).toBe('hello');
  socket.destroy();
});

test('a second machine is told who has the service, and a service that is not there is not found', async () => {
  await berth(api.admin.token, '--detour', detourTo());
  const by = { userId: api.admin.userId };
  const { token } = await addPerson(api.platform, by, { email: 'second@example.com', role: 'member' });
  const second = await berth(token, '--detour', detourTo());
  expect(second.code).not.toBe(0);
  expect(second.said.err.replaceAll(/\s+/g, ' ')).toContain(
    'The machine of admin@example.com answers for orders in pa',
  );
  expect((await berth(token, '--detour', 'nobody=3000')).said.err).toContain('Couldn');
  expect((await berth(token, '--detour', 'orders')).said.err).toContain('write <service>=<local port>');
});

test('the end of a machine, also by kill -9, ends its detour at once and what was under way in plain text', async () => {
  const connected = await berth(api.admin.token, '--detour', detourTo());
  const under = ask('/never');
  await once(local, 'request');
  const startedAt = performance.now();
  connected.child.kill('SIGKILL');
  expect(await under).toMatchObject({ status: 502, text: expect.stringContaining('did not now') });
  while ((await listDetours(api.platform)).length > 0) expect((await ask('/')).status).toBeGreaterThan(501);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  expect(await ask('/')).toMatchObject({ status: 503, text: expect.stringContaining('has left') });
  expect((await api.ask('GET', '/environments/pa')).body.detours).toEqual([]);
});

test('a machine that vanishes without a word is missed, and its detour ends', async () => {
  const { child } = await berth(api.admin.token, '--detour', detourTo());
  expect((await ask('/')).status).toBe(200);
  child.kill('SIGSTOP'); // a laptop that is closed: its connections stay, and nobody is there
  const under = ask('/never');
  while ((await listDetours(api.platform)).length > 0) await setTimeout(50);
  expect((await under).status).toBe(502);
  expect(await ask('/')).toMatchObject({ status: 503, text: expect.stringContaining('has left') });
});

test('a machine has only so many connections of the environment at a time, and the next caller is told', async () => {
  const { child } = await berth(api.admin.token, '--detour', detourTo());
  let begun = 0;
  const count = () => begun++;
  local.on('request', count);
  const under = Array.from({ length: 100 }, () => ask('/never'));
  while (begun < 100) await setTimeout(50);
  local.off('request', count);
  expect(await ask('/')).toMatchObject({ status: 503, text: expect.stringContaining('has 100 connections open') });
  child.kill('SIGKILL');
  for (const answer of await Promise.all(under)) expect(answer.status).toBe(502);
});

function openRaw(path: string): WebSocket {
  const headers = { authorization: `Bearer ${api.admin.token}` };
  return new WebSocket(`${api.url.replace('http', 'ws')}${path}`, { headers }).on('error', () => {});
}

/** A machine that speaks the protocol by itself, once it is connected. */
async function connectRaw(): Promise<{ socket: WebSocket; id: string }> {
  const socket = openRaw('/environments/pa/connect');
  const [hello] = await once(socket, 'message');
  return { socket, id: JSON.parse(String(hello)).tether };
}
const isThere = (id: string) => {
  try {
    return tethers.find({ id, userId: api.admin.userId }) !== undefined;
  } catch {
    return false;
  }
};

test('a stream on which pings come and no answer is read is ended before they fill the memory', async () => {
  const { socket, id } = await connectRaw();
  const stream = openRaw(`/tethers/${id}/streams`);
  await once(stream, 'open');
  stream.pause();
  const { streamCount: before } = tethers.find({ id, userId: api.admin.userId });
  expect(before).toBe(1);
  while (tethers.find({ id, userId: api.admin.userId }).streamCount > 0) {
    for (let count = 0; count < 1_000 && stream.bufferedAmount < 100_000; count++) stream.ping(Buffer.alloc(125));
    await setTimeout(1);
  }
  expect(isThere(id)).toBe(true);
  stream.terminate();
  socket.terminate();
});

test('a machine that only says that it is there, and does not hear what it is asked, is gone', async () => {
  const { socket, id } = await connectRaw();
  socket.pause();
  const talking = setInterval(() => socket.pong('here'), 500);
  while (isThere(id)) await setTimeout(50);
  clearInterval(talking);
  socket.terminate();
});

test('a local program that is away is told of, and the machine stays', async () => {
  await berth(api.admin.token, '--detour', 'orders=1');
  const answer = await ask('/');
  expect(answer.status).toBe(502);
  expect(answer.text).toContain('localhost:1 did not answer');
});

test('detours of a process that was killed end when the next one starts, and by their lease', async () => {
  const { db } = api.platform;
  const { id: environmentId } = await db.environment.findFirstOrThrow({ where: { name: 'pa' } });
  const row = { environmentId, service: 'orders', userId: api.admin.userId };
  await db.detour.create({ data: { ...row, leaseUntil: new Date(Date.now() - 1) } });
  expect(await listDetours(api.platform)).toEqual([]);
  await berth(api.admin.token, '--detour', detourTo());
  await endAllDetours(api.platform);
  expect(await db.detour.count()).toBe(0);
});
