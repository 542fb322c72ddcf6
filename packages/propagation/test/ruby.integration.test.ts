import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askedWith, expected, startOther } from './marks.js';
import { openRuby, type RubyHome } from './open-ruby.js';
import { call } from './start-app.js';

const asked = askedWith(60);
const clients = ['netHttp', 'httpRb', 'excon', 'exconConnection', 'exconShared'];

let other: Awaited<ReturnType<typeof startOther>>;
let ruby: RubyHome;
beforeAll(async () => {
  other = await startOther();
  ruby = await openRuby();
}, 600_000);
afterAll(async () => {
  other?.close();
  await ruby?.close();
});

describe.each(['puma', 'webrick'])('Ruby 3.3, %s', (server) => {
  let port: number;
  const connections = new Agent({ keepAlive: true, maxSockets: 4 });
  beforeAll(async () => {
    port = await ruby.start(server);
  }, 200_000);
  afterAll(() => connections.destroy());

  /** What the other service got as baggage from an app that calls it in this way. */
  const ask = async (
    by: string,
    baggage?: string,
    { host = 'orders.internal', says = '', method = 'GET', at = port } = {},
  ) => {
    const url = encodeURIComponent(`http://${host}:${other.port}/`);
    const path = `/?by=${by}&says=${says}&url=${url}`;
    return JSON.parse(await call(at, { path, baggage, method, agent: connections, lateMs: 3 })).baggage;
  };

  it.each([...clients, 'slept', 'job'])(
    'carries each mark, and only that, by %s over kept-alive connections',
    async (by) => {
      for (const method of ['GET', 'POST']) {
        const got = await Promise.all(asked.map((mark) => ask(by, mark, { method })));
        expect(got).toEqual(asked.map(expected));
      }
    },
  );

  it('never gives one request the mark of another, and rather none', async () => {
    for (const by of ['thread', 'worker'])
      expect([by, new Set(await Promise.all(asked.map((mark) => ask(by, mark))))]).toEqual([by, new Set([null])]);
  });

  it.each(clients)('keeps the baggage of the app and tells nobody outside, by %s', async (by) => {
    const mark = 'x=9,berth-env=pa;p=1, berth-nonsense=a b,q=2';
    expect(await ask(by, mark)).toBe('berth-env=pa');
    expect(await ask(by, mark, { says: 'own' })).toBe('a=1,b=2,berth-env=pa');
    expect(await ask(by, undefined, { says: 'own' })).toBe('a=1,b=2');
    expect(await ask(by, mark, { says: 'leak' })).toBe('a=1,berth-env=pz');
    for (const host of ['elsewhere.example', 'internal', '127.0.0.1']) {
      expect([host, await ask(by, mark, { host })]).toEqual([host, null]);
      expect([host, await ask(by, mark, { host, says: 'leak' })]).toEqual([host, 'a=1']);
    }
  });

  it('goes where a config var says, and nowhere when it is switched off', async () => {
    const mark = 'berth-env=pa';
    const told = await ruby.start(server, { BERTH_PROPAGATE_TO: 'example.com' });
    const off = await ruby.start(server, { BERTH_PROPAGATE: '0' });
    for (const by of clients) {
      expect([by, await ask(by, mark, { at: told, host: 'orders.example.com' })]).toEqual([by, mark]);
      expect([by, await ask(by, mark, { at: told })]).toEqual([by, null]);
      expect([by, await ask(by, mark, { at: off })]).toEqual([by, null]);
    }
  }, 400_000);
});
