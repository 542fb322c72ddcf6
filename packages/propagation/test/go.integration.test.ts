import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goBinary, importingGoBinary } from './go-binary.js';
import { askedWith, expected, expectNoMark, graceMs, startOther } from './marks.js';
import { call } from './start-app.js';

const asked = askedWith(60);

let other: Awaited<ReturnType<typeof startOther>>;
beforeAll(async () => {
  other = await startOther();
});
afterAll(() => other?.close());

/** How the mark gets into a program; without the overlay it is in the context of the request alone. */
const patched = { build: goBinary, carrying: ['plain', 'context', 'slept', 'goroutine'], losing: ['pool', 'lost'] };
const importing = {
  ...{ build: importingGoBinary, carrying: ['context', 'goroutine'] },
  losing: ['plain', 'slept', 'pool', 'lost'],
};

describe.each([
  ['1.24', 'patched', patched],
  ['1.26', 'patched', patched],
  ['1.24', 'with the package', importing],
  ['1.26', 'with the package', importing],
])('Go %s, %s', (line, _, { build, carrying, losing }) => {
  let binary: string;
  let app: { child: ChildProcess; port: number };
  const connections = new Agent({ keepAlive: true, maxSockets: 4 });

  const start = async (env: Record<string, string> = {}) => {
    const child = spawn(binary, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
    const [port] = await once(createInterface(child.stdout), 'line');
    return { child, port: Number(port) };
  };
  const target = (host: string) => encodeURIComponent(`http://${host}:${other.port}/`);
  const ask = async (
    by: string,
    baggage?: string,
    { host = 'orders.internal', method = 'GET', port = app.port } = {},
  ) =>
    JSON.parse(
      await call(port, {
        path: `/call?by=${by}&url=${target(host)}`,
        ...{ baggage, method, agent: connections, lateMs: 3 },
      }),
    );

  beforeAll(async () => {
    binary = await build(line);
    app = await start();
  }, 600_000);
  afterAll(async () => {
    connections.destroy();
    if (!app) return;
    app.child.kill('SIGKILL');
    await once(app.child, 'close');
  });

  it.each(carrying)('carries each mark, and only that, by %s over kept-alive connections', async (by) => {
    expect(await Promise.all(asked.map((mark) => ask(by, mark)))).toEqual(asked.map(expected));
    const posted = await Promise.all(asked.map((mark) => ask(by, mark, { method: 'POST' })));
    expect(posted).toEqual(asked.map(expected));
  });

  it('never gives one request the mark of another, and rather none', async () => {
    for (const by of losing)
      expect([by, new Set(await Promise.all(asked.map((mark) => ask(by, mark))))]).toEqual([by, new Set([null])]);
  });

  it('keeps the baggage of the app and tells nobody outside', async () => {
    const mark = 'x=9,berth-env=pa;p=1, berth-nonsense=a b,q=2';
    expect(await ask('context', mark)).toBe('berth-env=pa');
    expect(await ask('own', mark)).toBe('a=1,b=2,berth-env=pa');
    expect(await ask('leak', mark)).toBe('a=1,berth-env=pz');
    expect(await ask('own')).toBe('a=1,b=2');
    // The request of the app is its own: sent again it has nothing of ours.
    expect(await ask('reused', mark)).toBe('');
    for (const host of ['elsewhere.example', 'internal', '127.0.0.1']) {
      expect([host, await ask('context', mark, { host })]).toEqual([host, null]);
      expect(await ask('leak', mark, { host })).toBe('a=1');
    }
  });

  it('takes the mark out of what a proxy hands on to somebody outside', async () => {
    const through = async (host: string) =>
      JSON.parse(await call(app.port, { path: `/proxy?url=${target(host)}`, baggage: 'x=1,berth-env=pa' }));
    expect(await through('orders.internal')).toEqual({ baggage: 'x=1,berth-env=pa' });
    expect(await through('elsewhere.example')).toEqual({ baggage: 'x=1' });
  });

  it('ends with its request, for what that has started and left running', async () => {
    await ask('startLoop', 'berth-env=pa');
    await expectNoMark(() => ask('seenByLoop'), { after: Date.now() + graceMs, looks: 4 });
  });

  it('goes where a config var says, and nowhere when it is switched off', async () => {
    const told = await start({ BERTH_PROPAGATE_TO: 'example.com' });
    const off = await start({ BERTH_PROPAGATE: '0' });
    try {
      const mark = 'berth-env=pa';
      expect(await ask('context', mark, { port: told.port, host: 'orders.example.com' })).toBe(mark);
      expect(await ask('context', mark, { port: told.port })).toBe(null);
      expect(await ask('context', mark, { port: off.port })).toBe(null);
    } finally {
      for (const { child } of [told, off]) child.kill('SIGKILL');
    }
  });
});
