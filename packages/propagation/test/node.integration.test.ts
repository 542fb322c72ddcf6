import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { type AddressInfo, connect, createServer as createLineServer, type Server as LineServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needed } from '../../daemon/test/needed.js';
import { makeCertificate } from './certificate.js';
import { askedWith, expected, expectNoMark, graceMs, marks, startOther } from './marks.js';
import { nodeBinary } from './node-binaries.js';
import { type App, call, startApp } from './start-app.js';

let other: Awaited<ReturnType<typeof startOther>>;
let plain: LineServer;
let secure: LineServer;
const cleanUps: (() => Promise<unknown>)[] = [];

const portOf = (server: { address: () => unknown }) => (server.address() as AddressInfo).port;

beforeAll(async () => {
  other = await startOther();
  cleanUps.push(async () => other.close());
  const answerLines = (socket: NodeJS.ReadWriteStream) => {
    socket.on('data', (chunk) => socket.write(String(chunk)));
    socket.on('error', () => {});
  };
  plain = createLineServer(answerLines);
  const certificate = await makeCertificate();
  cleanUps.push(certificate.remove);
  const files = { key: await readFile(certificate.key), cert: await readFile(certificate.cert) };
  secure = createTlsServer(files, answerLines);
  for (const server of [plain, secure]) {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    cleanUps.push(async () => server.close());
  }
});
afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

describe.each(['20', '22', '24'])('Node.js %s', (line) => {
  let node: string;
  let app: App;
  const connections = new Agent({ keepAlive: true, maxSockets: 3 });

  beforeAll(async () => {
    node = await nodeBinary(line);
    app = await startApp(node, 'app.cjs');
  });
  afterAll(async () => {
    connections.destroy();
    await app?.stop();
  });

  const target = (host = 'orders.internal') =>
    encodeURIComponent(`http://${host}:${other.port}/?plain=${portOf(plain)}&secure=${portOf(secure)}`);
  const ask = async (by: string, baggage?: string, more: { host?: string; room?: string; port?: number } = {}) =>
    JSON.parse(
      await call(more.port ?? app.port, {
        path: `/${more.room ?? 'call'}?by=${by}&url=${target(more.host)}`,
        baggage,
        agent: connections,
      }),
    );

  it.each([
    ...['http', 'agentless', 'list', 'expect', 'chained', 'timer', 'slept', 'fetch', 'fetchPost', 'undici', 'esm'],
  ])('carries each mark, and only that, by %s over kept-alive connections', async (by) => {
    const asked = askedWith(60);
    const got = await Promise.all(asked.map((mark) => ask(by, mark)));
    expect(got).toEqual(asked.map(expected));
  });

  it('carries it from a body that comes late', async () => {
    const path = `/late?url=${target()}`;
    const asked = askedWith(40);
    const got = await Promise.all(
      asked.map((baggage, index) =>
        call(app.port, { path, baggage, method: 'POST', lateMs: index % 7, agent: connections }),
      ),
    );
    expect(got.map((text) => JSON.parse(text))).toEqual(asked.map(expected));
  });

  it('carries it while server-sent events go out', async () => {
    const got = await Promise.all(marks.map((baggage) => call(app.port, { path: `/events?url=${target()}`, baggage })));
    const events = (mark: string | undefined) => `data: ${JSON.stringify(expected(mark))}\n\n`.repeat(3);
    expect(got).toEqual(marks.map(events));
  });

  it('carries the mark of a WebSocket from each of its messages', async () => {
    const lines = async (mark: string | undefined) => {
      const socket = connect(app.port, '127.0.0.1');
      const header = mark === undefined ? '' : `baggage: ${mark}\r\n`;
      const path = `/?url=${target()}`;
      socket.write(`GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n${header}\r\n`);
      const got: unknown[] = [];
      for await (const chunk of socket) {
        if (!String(chunk).startsWith('HTTP/')) got.push(JSON.parse(String(chunk)));
        if (got.length === 3) break;
        socket.write('ping\n');
      }
      return got;
    };
    expect(await Promise.all(marks.map(lines))).toEqual(marks.map((mark) => Array(3).fill(expected(mark))));
  });

  // Node.js 20 has no channel for what comes in by HTTP/2.
  const itWithHttp2 = line === '20' ? () => {} : it;
  itWithHttp2('carries it through HTTP/2, as gRPC does', async () => {
    const asked = askedWith(24);
    const got = await Promise.all(asked.map((mark) => ask('http2', mark)));
    expect(got).toEqual(asked.map(expected));
  });

  it('never gives one request the mark of another, wherever a callback comes from', async () => {
    for (const by of ['plain', 'secure', 'interval', 'emitter']) {
      const asked = askedWith(60);
      const got = await Promise.all(asked.map((mark) => ask(by, mark, { room: 'shared' })));
      const wrong = got.filter((one, index) => one !== null && one !== expected(asked[index]));
      expect({ by, wrong }).toEqual({ by, wrong: [] });
    }
  });

  it('ends with its request, for what that has started and left running', async () => {
    await ask('startChain', 'berth-env=pa', { room: 'shared' });
    await ask('startLoop', 'berth-env=pa', { room: 'shared' });
    // What begins at once after the answer may still be that request's work; a timer that fires then is not.
    const answeredAt = Date.now();
    const look = (by: string) => () => ask(by, undefined, { room: 'shared' });
    await expectNoMark(look('seenByChain'), { after: answeredAt, looks: 4 });
    await expectNoMark(look('seenByLoop'), { after: answeredAt + graceMs, looks: 4 });
  });

  it('tells nobody outside', async () => {
    for (const by of ['http', 'list', 'fetch', 'undici'])
      for (const host of ['elsewhere.example', '127.0.0.1', 'internal.example'])
        expect([by, host, await ask(by, 'berth-env=pa', { host })]).toEqual([by, host, null]);
    // Nor does a tracer of the app that hands on what came in.
    const outside = { host: 'elsewhere.example' };
    expect(await ask('leak', 'berth-env=pa', outside)).toBe('a=1,b=2');
    expect(await ask('leakAll', 'berth-env=pa', outside)).toBe(null);
    expect(await ask('fetchLeak', 'berth-env=pa', outside)).toBe(null);
    expect(await ask('leak', 'berth-env=pa')).toBe('a=1, berth-env=pa,b=2');
  });

  it('keeps the baggage of the app and hands on none of the caller but the mark', async () => {
    const mark = 'x=9,berth-env=pa;p=1, berth-nonsense=a b,q=2';
    expect(await ask('http', mark)).toBe('berth-env=pa');
    expect(await ask('own', mark)).toBe('a=1,b=2;c=3,berth-env=pa');
    expect(await ask('fetchOwn', mark)).toBe('a=1,berth-env=pa');
    expect(await ask('ownEnv', mark)).toBe('berth-env=mine');
    expect(await ask('own')).toBe('a=1,b=2;c=3');
  });

  it('goes where BERTH_PROPAGATE_TO says', async () => {
    const elsewhere = await startApp(node, 'app.cjs', { env: { BERTH_PROPAGATE_TO: '.example,orders.internal' } });
    const to = (host: string) => ask('http', 'berth-env=pa', { host, port: elsewhere.port });
    try {
      expect(await to('a.example')).toBe('berth-env=pa');
      expect(await to('orders.internal')).toBe('berth-env=pa');
      expect(await to('users.internal')).toBe(null);
    } finally {
      await elsewhere.stop();
    }
  });

  it.each(['require', 'import'])(
    'goes with jobs of BullMQ, whose worker a marked request has started (%s)',
    async (how) => {
      needed('TEST_REDIS_URL'); // the app reads it
      const jobs = await startApp(node, 'jobs.cjs', { env: how === 'import' ? { IMPORT: '1' } : {} });
      try {
        for (const way of ['add', 'addBulk', 'delayed', 'retried', 'flow']) {
          const asked = askedWith(16);
          const got = await Promise.all(
            asked.map((baggage) => call(jobs.port, { path: `/${way}?url=${target()}`, baggage })),
          );
          const jobsEach = way === 'flow' ? 2 : 1;
          expect([way, ...got.map((text) => JSON.parse(text))]).toEqual([
            way,
            ...asked.map((mark) => Array(jobsEach).fill(expected(mark))),
          ]);
        }
      } finally {
        await jobs.stop();
      }
    },
  );
});
