import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pythonEnvironment } from './python-environment.js';
import { call } from './start-app.js';

const files = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const marks = ['berth-env=pa', undefined, 'berth-env=pb', 'berth-env=pc,berth-trace=1-2'];
const expected = (mark: string | undefined) => mark ?? null;

/** The other service: answers with the baggage that it got. */
let other: Server;
let bin: string;

const portOf = (server: Server) => (server.address() as AddressInfo).port;

beforeAll(async () => {
  other = createServer((request, response) => {
    request.resume();
    setTimeout(() => response.end(JSON.stringify({ baggage: request.headers.baggage ?? null })), Math.random() * 4);
  });
  await once(other.listen(0, '127.0.0.1'), 'listening');
  bin = await pythonEnvironment();
}, 240_000);
afterAll(() => {
  other?.closeAllConnections();
  other?.close();
});

const servers = {
  'gunicorn, sync worker': ['gunicorn', 'wsgi_app:app', '--bind'],
  'gunicorn, threads': ['gunicorn', 'wsgi_app:app', '--threads', '4', '--bind'],
  'the server of Flask': ['flask', '--app', 'wsgi_app:app', 'run', '--port'],
  'uvicorn, asynchronous': ['uvicorn', 'asgi_app:app', '--port'],
  'uvicorn, in threads': ['uvicorn', 'asgi_app:app', '--port'],
};

const isAsync = (name: string) => name === 'uvicorn, asynchronous';

describe.each(Object.entries(servers))('Python in %s', (name, argv) => {
  let child: ChildProcess;
  let port: number;
  const connections = new Agent({ keepAlive: true, maxSockets: 4 });
  const ask = async (by: string, baggage?: string, { host = 'orders.internal', method = 'GET' } = {}) => {
    const url = encodeURIComponent(`http://${host}:${portOf(other)}/`);
    const path = `${name === 'uvicorn, in threads' ? '/sync' : '/'}?by=${by}&url=${url}`;
    const answer = JSON.parse(await call(port, { path, baggage, method, agent: connections, lateMs: 3 }));
    return typeof answer === 'string' && /^(null|"|\[)/.test(answer) ? JSON.parse(answer) : answer;
  };

  beforeAll(async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    port = portOf(free);
    free.close();
    const [program, ...args] = argv;
    const where = argv.at(-1) === '--bind' ? `127.0.0.1:${port}` : String(port);
    // The app's own PYTHONPATH has a sitecustomize too: without it no name would be found.
    child = spawn(join(bin, program!), [...args, where], {
      cwd: files('apps/python'),
      env: {
        ...process.env,
        PYTHONPATH: `${files('../files/python')}:${files('apps/python')}`,
        PYTHONDONTWRITEBYTECODE: '1',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
      detached: true,
    });
    for (let isUp = false; !isUp; ) {
      isUp = await call(port, { path: '/?by=seenByLoop&url=' }).then(
        () => true,
        () => false,
      );
      if (!isUp) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  afterAll(async () => {
    connections.destroy();
    process.kill(-child.pid!, 'SIGKILL');
    await once(child, 'close');
  });

  const clients = () =>
    isAsync(name) ? ['httpx', 'aiohttp', 'slept', 'toThread'] : ['urllib', 'requests', 'session', 'httpx', 'pool'];

  it('carries each mark, and only that, over kept-alive connections', async () => {
    for (const by of clients()) {
      const asked = Array.from({ length: 40 }, (_, index) => marks[index % marks.length]);
      const got = await Promise.all(asked.map((mark) => ask(by, mark)));
      expect([by, ...got]).toEqual([by, ...asked.map(expected)]);
    }
  });

  const itWithLateBody = name === 'uvicorn, in threads' ? () => {} : it;
  itWithLateBody('carries it from a POST whose body comes late', async () => {
    const asked = Array.from({ length: 24 }, (_, index) => marks[index % marks.length]);
    const got = await Promise.all(asked.map((mark) => ask('httpx', mark, { method: 'POST' })));
    expect(got).toEqual(asked.map(expected));
  });

  it('keeps the baggage of the app and tells nobody outside', async () => {
    const mark = 'x=9,berth-env=pa;p=1, berth-nonsense=a b,q=2';
    expect(await ask('httpx', mark)).toBe('berth-env=pa');
    expect(await ask('own', mark)).toBe('a=1,b=2,berth-env=pa');
    expect(await ask('own')).toBe('a=1,b=2');
    for (const host of ['elsewhere.example', '127.0.0.1']) {
      for (const by of clients()) expect([by, await ask(by, mark, { host })]).toEqual([by, null]);
      expect(await ask('leak', mark, { host })).toBe('a=1');
    }
  });

  it('ends with its request, for what that has started and left running', async () => {
    await ask('startLoop', 'berth-env=pa');
    const answeredAt = Date.now();
    let late: { at: number; got: unknown }[] = [];
    // The next request may come to another thread: the end of this one's work must not wait for that.
    while (late.length < 4) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      late = (await ask('seenByLoop')).filter(({ at }: { at: number }) => at > answeredAt + 700);
    }
    expect(new Set(late.map(({ got }) => got))).toEqual(new Set([null]));
  });
});
