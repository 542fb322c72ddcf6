import { connect, createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppServer } from './app-server.js';
import { startEcho } from './echo-app.js';
import { request } from './request.js';
import { startRouter } from './test-router.js';

let router: Awaited<ReturnType<typeof startRouter>>;
let apps: AppServer[];
beforeAll(async () => {
  router = await startRouter();
  router.source.addEnvironment('daily', { subnet: '127.0.1.0/24' });
  router.source.addEnvironment('pa', { baseId: 'daily', subnet: '127.0.3.0/24' });
  router.source.addEnvironment('others', { teamId: 'others', subnet: '127.0.6.0/24' });
  apps = await Promise.all(['a@daily', 'b@daily', 'b@pa', 'a@others'].map(startEcho));
  for (const [index, name] of ['a@daily', 'b@daily', 'b@pa', 'a@others'].entries()) {
    const [service = '', environmentId = ''] = name.split('@');
    router.source.addApp(name.replace('@', '--'), { environmentId, service });
    await router.deploy(name.replace('@', '--'), `${name.replace('@', '--')}-1`, [apps[index]?.port ?? 0]);
  }
});
afterAll(async () => {
  await Promise.all(apps.map((app) => app.kill()));
  await router.stop();
});

/** Bytes to the port for tethers, and all that comes back. */
const send = (bytes: string, localAddress = '127.0.0.1') => {
  const socket = connect({ host: '127.0.0.1', port: router.settings.tetherPort, localAddress });
  socket.write(bytes);
  return text(socket);
};
const ask = (service: string, more = '') =>
  `GET / HTTP/1.1\r\nHost: ${service}.internal\r\n${more}Connection: close\r\n\r\n`;
const from = (address: string) => `PROXY TCP4 ${address} 127.0.0.1 65535 80\r\n`;

test('a call of the API’s counts as one from the network that it names, marked as those are', async () => {
  expect(await send(from('127.0.3.1') + ask('b'))).toContain('"app":"b@pa"');
  const other = await send(from('127.0.3.1') + ask('a'));
  expect(other).toContain('"app":"a@daily"');
  expect(other).toContain('berth-env=pa');
});

test('what comes after the first line changes nothing: another line, a mark of another team', async () => {
  const again = await send(from('127.0.3.1') + from('127.0.6.1') + ask('a'));
  expect(again).toMatch(/^HTTP\/1\.[01] 400/);
  expect(await send(from('127.0.3.1') + ask('a', 'Baggage: berth-env=others\r\n'))).toContain('"app":"a@daily"');
  expect(await send(from('127.0.3.1') + ask('a', 'X-Forwarded-For: 127.0.6.1\r\n'))).toContain('"app":"a@daily"');
});

test('anybody else has no say: a PROXY line is no request, and a request is one of its own address', async () => {
  expect(await send(from('127.0.3.1') + ask('b'), '127.0.0.2')).toMatch(/^HTTP\/1\.[01] 400/);
  const { tetherPort } = router.settings;
  expect((await request(tetherPort, 'b.internal', { localAddress: '127.0.0.2' })).status).toBe(403);
  expect((await request(tetherPort, 'b.internal', { localAddress: '127.0.3.9' })).text).toContain('"app":"b@pa"');
});

test('the API’s own address is nobody’s on the port of instances', async () => {
  expect((await request(router.settings.internal.port, 'b.internal')).status).toBe(403);
});

describe('the port for Redis servers', () => {
  const echoes: Server[] = [];
  beforeAll(async () => {
    for (const address of ['127.0.44.4', '127.1.44.4']) {
      const echo = createServer((socket) => socket.on('error', () => {}).pipe(socket));
      await new Promise<void>((done, fail) => {
        echo.once('error', (error) => fail(new Error(`This test needs ${address}:6379 for itself: ${error.message}`)));
        echo.listen(6379, address, done);
      });
      echoes.push(echo);
    }
  });
  afterAll(() => {
    for (const echo of echoes) echo.close();
  });
  const send = (line: string, localAddress = '127.0.0.1') => {
    const socket = connect({ host: '127.0.0.1', port: router.settings.redisTether.port, localAddress });
    socket.on('error', () => {}).end(`${line}PING`);
    return text(socket).catch(() => '');
  };
  const to = (address: string, port = 6379) => `PROXY TCP4 127.0.0.1 ${address} 65535 ${port}\r\n`;

  test('leads where the API’s first line says', async () => {
    expect(await send(to('127.0.44.4'))).toBe('PING');
  });

  test('leads nowhere for anybody else, to other ports, and out of the environments’ networks', async () => {
    expect(await send(to('127.0.44.4'), '127.0.0.2')).toBe('');
    expect(await send(to('127.0.44.4', router.settings.tetherPort))).toBe('');
    expect(await send(to('127.1.44.4'))).toBe('');
    expect(await send('')).toBe('');
  });
});
