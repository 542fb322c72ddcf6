import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askedWith, expected, expectNoMark, graceMs } from './marks.js';
import { type JavaHome, openJava } from './open-java.js';
import { call } from './start-app.js';

const asked = askedWith(60);

/** The other service: answers with the baggage that it got, a moment later. */
let other: Server;
beforeAll(async () => {
  other = createServer((request, response) => {
    request.resume();
    const away = new URL(request.url!, 'http://other').searchParams.get('away');
    if (away) return response.writeHead(302, { location: away }).end();
    setTimeout(() => response.end(JSON.stringify(request.headers.baggage ?? null)), Math.random() * 4);
  });
  await once(other.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  other?.closeAllConnections();
  other?.close();
});

const carrying = [
  ...['client', 'clientAsync', 'chained', 'connection', 'slept', 'pool', 'invokeAll', 'execute', 'supplied'],
  ...['suppliedInPool', 'forkJoin', 'sharedRequest', 'batched'],
];

describe.each([
  ['17', 'threads'],
  ['21', 'threads'],
  ['21', 'virtual'],
  ['25', 'virtual'],
])('Java %s, %s', (line, threads) => {
  let java: JavaHome;
  let app: { child: ChildProcess; port: number };
  const connections = new Agent({ keepAlive: true, maxSockets: 4 });

  const start = async (env: Record<string, string> = {}) => {
    const child = java.start(['App', threads], env);
    const [port] = await once(createInterface(child.stdout!), 'line');
    return { child, port: Number(port) };
  };
  const target = (host: string, query = '') =>
    encodeURIComponent(`http://${host}:${(other.address() as AddressInfo).port}/${query}`);
  const ask = async (
    by: string,
    baggage?: string,
    { host = 'orders.internal', query = '', method = 'GET', port = app.port } = {},
  ) =>
    JSON.parse(
      await call(port, {
        path: `/?by=${by}&url=${target(host, query)}`,
        ...{ baggage, method, agent: connections, lateMs: 3 },
      }),
    );

  beforeAll(async () => {
    java = await openJava(line);
    app = await start();
  }, 600_000);
  afterAll(async () => {
    connections.destroy();
    await java?.close();
  });

  it.each(carrying)('carries each mark, and only that, by %s over kept-alive connections', async (by) => {
    for (const method of ['GET', 'POST']) {
      const got = await Promise.all(asked.map((mark) => ask(by, mark, { method })));
      expect(got).toEqual(asked.map(expected));
    }
  });

  it.each(['worker', 'scheduled', 'thread'])(
    'never gives one request the mark of another, and rather none, by %s',
    async (by) => {
      expect(new Set(await Promise.all(asked.map((mark) => ask(by, mark))))).toEqual(new Set([null]));
    },
  );

  it('keeps the baggage of the app and tells nobody outside', async () => {
    const mark = 'x=9,berth-env=pa;p=1, berth-nonsense=a b,q=2';
    expect(await ask('client', mark)).toBe('berth-env=pa');
    for (const more of ['', 'Connection']) {
      expect(await ask(`own${more}`, mark)).toBe('a=1,b=2,berth-env=pa');
      expect(await ask(`own${more}`)).toBe('a=1,b=2');
      expect(await ask(`leak${more}`, mark)).toBe('a=1,berth-env=pz');
    }
    for (const host of ['elsewhere.example', 'internal', '127.0.0.1']) {
      for (const by of ['client', 'connection'])
        expect([by, host, await ask(by, mark, { host })]).toEqual([by, host, null]);
      for (const by of ['leak', 'leakConnection']) expect(await ask(by, mark, { host })).toBe('a=1');
    }
  });

  it('does not follow a redirect to somebody outside', async () => {
    const query = `?away=${target('elsewhere.example')}`;
    expect(await ask('connection', 'berth-env=pa', { query })).toBe(null);
    expect(await ask('leakConnection', 'berth-env=pa', { query })).toBe('a=1');
  });

  it('ends with its request, for what that has started and left running', async () => {
    await ask('startLoop', 'berth-env=pa');
    await expectNoMark(() => ask('seenByLoop'), { after: Date.now() + graceMs, looks: 20 });
  });

  it('goes where a config var says', async () => {
    const told = await start({ BERTH_PROPAGATE_TO: 'example.com' });
    const mark = 'berth-env=pa';
    expect(await ask('client', mark, { port: told.port, host: 'orders.example.com' })).toBe(mark);
    expect(await ask('client', mark, { port: told.port })).toBe(null);
  });
});
