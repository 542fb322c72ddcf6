import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../daemon/test/free-port.js';
import { askedWith, expected, expectNoMark, graceMs, startOther } from './marks.js';
import { pythonEnvironment } from './python-environment.js';
import { call } from './start-app.js';

const files = (path: string) => fileURLToPath(new URL(path, import.meta.url));

let other: Awaited<ReturnType<typeof startOther>>;
let bin: string;

beforeAll(async () => {
  other = await startOther();
  bin = await pythonEnvironment();
}, 240_000);
afterAll(() => other?.close());

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
    const url = encodeURIComponent(`http://${host}:${other.port}/`);
    const path = `${name === 'uvicorn, in threads' ? '/sync' : '/'}?by=${by}&url=${url}`;
    const answer = JSON.parse(await call(port, { path, baggage, method, agent: connections, lateMs: 3 }));
    return typeof answer === 'string' && /^(null|"|\[)/.test(answer) ? JSON.parse(answer) : answer;
  };

  beforeAll(async () => {
    port = await freePort();
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
      const asked = askedWith(40);
      const got = await Promise.all(asked.map((mark) => ask(by, mark)));
      expect([by, ...got]).toEqual([by, ...asked.map(expected)]);
    }
  });

  const itWithLateBody = name === 'uvicorn, in threads' ? () => {} : it;
  itWithLateBody('carries it from a POST whose body comes late', async () => {
    const asked = askedWith(24);
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
    // The next request may come to another thread: the end of this one's work must not wait for that.
    await expectNoMark(() => ask('seenByLoop'), { after: Date.now() + graceMs, looks: 4 });
  });
});
