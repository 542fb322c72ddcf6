import { once } from 'node:events';
import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askedWith, expected, startOther } from './marks.js';
import { openPhp, type PhpHome } from './open-php.js';
import { call } from './start-app.js';

const asked = askedWith(60);

let other: Awaited<ReturnType<typeof startOther>>;
let redirecting: Awaited<ReturnType<typeof startRedirecting>>;
let php: PhpHome;
let port: number;
const connections = new Agent({ keepAlive: true, maxSockets: 4 });

beforeAll(async () => {
  other = await startOther();
  redirecting = await startRedirecting();
  php = await openPhp();
  port = await php.start();
}, 600_000);
afterAll(async () => {
  connections.destroy();
  other?.close();
  redirecting?.close();
  await php?.close();
});

/** Sends everybody to where `away` says. */
async function startRedirecting() {
  const server = createServer((request, response) => {
    const location = new URL(request.url!, 'http://other').searchParams.get('away')!;
    response.writeHead(302, { location }).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

interface Asked {
  host?: string;
  /** Path and port of the service that is called. */
  to?: string;
  toPort?: number;
  method?: string;
  /** Port of the app. */
  at?: number;
}

/** What the other service got as baggage from an app that calls it in this way. */
async function ask(
  by: string,
  baggage?: string,
  { host = 'orders.internal', to = '/', toPort = other.port, method = 'GET', at = port }: Asked = {},
) {
  const url = encodeURIComponent(`http://${host}:${toPort}${to}`);
  const answer = await call(at, { path: `/?by=${by}&url=${url}`, baggage, method, agent: connections, lateMs: 3 });
  return JSON.parse(answer).baggage;
}

describe('PHP 8.4', () => {
  it.each(['guzzle', 'guzzleAsync', 'guzzleStream', 'symfony', 'function'])(
    'carries each mark, and only that, by %s over kept-alive connections',
    async (by) => {
      for (const method of ['GET', 'POST']) {
        const got = await Promise.all(asked.map((mark) => ask(by, mark, { method })));
        expect(got).toEqual(asked.map(expected));
      }
    },
  );

  it('loses it by curl and streams, and never takes that of another', async () => {
    for (const by of ['curl', 'stream'])
      expect([by, new Set(await Promise.all(asked.map((mark) => ask(by, mark))))]).toEqual([by, new Set([null])]);
  });

  it('keeps the baggage of the app and tells nobody outside', async () => {
    const mark = 'x=9,berth-env=pa;p=1, berth-nonsense=a b,q=2';
    expect(await ask('guzzle', mark)).toBe('berth-env=pa');
    for (const client of ['guzzle', 'symfony', 'function']) {
      expect([client, await ask(`${client}Own`, mark)]).toEqual([client, 'a=1,b=2,berth-env=pa']);
      expect([client, await ask(`${client}Own`)]).toEqual([client, 'a=1,b=2']);
      expect([client, await ask(`${client}Leak`, mark)]).toEqual([client, 'a=1,berth-env=pz']);
      for (const host of ['elsewhere.example', 'internal', '127.0.0.1']) {
        expect([client, host, await ask(client, mark, { host })]).toEqual([client, host, null]);
        expect([client, host, await ask(`${client}Leak`, mark, { host })]).toEqual([client, host, 'a=1']);
      }
    }
  });

  it('does not follow a redirect to somebody outside', async () => {
    const away = (host: string) => `/?away=${encodeURIComponent(`http://${host}:${other.port}/`)}`;
    for (const client of ['guzzle', 'symfony', 'guzzleLeak', 'symfonyLeak']) {
      const got = await ask(client, 'berth-env=pa', { to: away('elsewhere.example'), toPort: redirecting.port });
      expect([client, got]).toEqual([client, client.endsWith('Leak') ? 'a=1' : null]);
    }
    expect(await ask('guzzle', 'berth-env=pa', { to: away('orders.internal'), toPort: redirecting.port })).toBe(
      'berth-env=pa',
    );
  });

  it('goes where a config var says, and nowhere when it is switched off', async () => {
    const mark = 'berth-env=pa';
    const told = await php.start({ BERTH_PROPAGATE_TO: 'example.com' });
    expect(await ask('guzzle', mark, { at: told, host: 'orders.example.com' })).toBe(mark);
    expect(await ask('guzzle', mark, { at: told })).toBe(null);
    const off = await php.start({ BERTH_PROPAGATE: '0' });
    for (const by of ['guzzle', 'symfony', 'function'])
      expect([by, await ask(by, mark, { at: off })]).toEqual([by, null]);
  });

  it("runs the app's own auto_prepend_file, whichever way it is named, and PHP's own server", async () => {
    const mark = 'berth-env=pa';
    const withIni = await php.start({}, 'heroku-php-nginx -i own/php.ini');
    expect([await ask('prepended', mark, { at: withIni }), await ask('guzzle', mark, { at: withIni })]).toEqual([
      'yes',
      mark,
    ]);
    // Settings that come after ours win: there the mark is lost, and nothing else.
    const withDirectory = await php.start({ PHP_INI_SCAN_DIR: ':/test/app/own/conf' });
    expect([
      await ask('prepended', mark, { at: withDirectory }),
      await ask('guzzle', mark, { at: withDirectory }),
    ]).toEqual(['yes', null]);
    const own = await php.start({}, 'php -S 127.0.0.1:$PORT -t .');
    expect(await ask('guzzle', mark, { at: own })).toBe(mark);
  });
});
