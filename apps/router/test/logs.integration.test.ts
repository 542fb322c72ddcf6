import { once } from 'node:events';
import { connect } from 'node:net';
import { openLogger } from '@berth/daemon/logger';
import type { LogLine } from '@berth/logs/line';
import { routerPaths } from '@berth/router/router-settings';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { collectLogs } from '../src/collect-logs.js';
import { startApp } from './app-server.js';
import { startRouter } from './test-router.js';

let router: Awaited<ReturnType<typeof startRouter>>;
let collector: Awaited<ReturnType<typeof collect>>;
const lines = new Map<string, LogLine[]>();

const collect = () =>
  collectLogs({
    socketPath: routerPaths(router.settings.dir).logSocket,
    apps: router.controller.apps,
    append: async (appId, more) => {
      lines.set(appId, [...(lines.get(appId) ?? []), ...more]);
    },
    logger: openLogger('router-test', 'warn'),
  });

beforeAll(async () => {
  router = await startRouter({ timeouts: { firstByte: 500, idle: 1_000, tunnel: 60_000 } });
  collector = await collect();
});
afterAll(async () => {
  await collector.stop();
  await router.stop();
});

/** The first line of an app that has this, once it is there. */
async function lineWith(appId: string, part: string): Promise<LogLine> {
  const find = () => lines.get(appId)?.find(({ text }) => text.includes(part));
  await until(`a line with ${part}`, () => find() !== undefined);
  return find()!;
}

test('each request is a line in its app’s log', async () => {
  const app = await startApp('logged');
  await router.deploy('logged', 'logged1', [app.port]);
  const id = 'an-id-that-is-long-enough';
  await router.get('logged.localhost', { path: '/a?b="c"', headers: { 'x-request-id': id } });
  const line = await lineWith('logged', id);
  expect(line).toMatchObject({ source: 'berth', process: 'router' });
  expect(Math.abs(line.at - Date.now())).toBeLessThan(5_000);
  expect(line.text).toMatch(
    /^at=info method=GET path="\/a\?b=%22c%22" host=logged\.localhost request_id=an-id-that-is-long-enough fwd="127\.0\.0\.1" dyno=web\.1 connect=\d+ms service=\d+ms status=200 bytes=\d+ protocol=http$/,
  );
  await app.kill();
});

test('what went wrong has Heroku’s code', async () => {
  const app = await startApp('wrong', {
    handle: (sent, response) => {
      if (sent.url?.startsWith('/silent')) return true;
      if (sent.url === '/closes') return response.destroy() !== undefined;
      if (sent.url === '/breaks') {
        response.writeHead(200, { 'content-length': '100' });
        response.write('abc', () => response.destroy());
        return true;
      }
      return false;
    },
  });
  const ask = (path: string) => router.get('wrong.localhost', { path }).catch(() => undefined);
  await router.deploy('wrong', 'wrong1', [app.port]);
  await Promise.all(['/silent', '/closes', '/breaks'].map(ask));
  const leaving = connect(router.settings.appsPort, '127.0.0.1');
  await once(leaving, 'connect');
  leaving.write('GET /silent?left HTTP/1.1\r\nHost: wrong.localhost\r\n\r\n');
  setTimeout(() => leaving.destroy(), 100);
  expect((await lineWith('wrong', 'path="/silent"')).text).toContain('at=error code=H12 desc="Request timeout"');
  expect((await lineWith('wrong', 'path="/closes"')).text).toContain('code=H13');
  expect((await lineWith('wrong', 'path="/breaks"')).text).toContain('code=H18');
  expect((await lineWith('wrong', 'path="/silent?left"')).text).toMatch(/code=H27.*status=499/);
  await app.kill();
  await ask('/refused');
  expect((await lineWith('wrong', 'path="/refused"')).text).toMatch(/code=H(10|21) .*status=503/);
  router.source.change('wrong', { maintenance: true });
  await until('on', () => router.source.route('wrong').appliedVersion === router.source.route('wrong').version);
  await ask('/closed');
  expect((await lineWith('wrong', 'path="/closed"')).text).toContain('code=H80 desc="Maintenance mode"');
});

test('lines wait in HAProxy while the collector is away', async () => {
  const app = await startApp('waiting');
  await router.deploy('waiting', 'waiting1', [app.port]);
  await collector.stop();
  const away = `/away-${Date.now()}`; // a second try finds the lines of the first
  for (let i = 0; i < 200; i++) await router.get('waiting.localhost', { path: `${away}/${i}` });
  collector = await collect();
  const numberOf = (text: string) => new RegExp(`path="${away}/(\\d+)"`).exec(text)?.[1];
  const came = () => (lines.get('waiting') ?? []).flatMap(({ text }) => numberOf(text) ?? []).map(Number);
  await until('the last came', () => came().includes(199), 15_000);
  // HAProxy learns that the reader has gone by its first write, and what is in that is lost: a line, or as many as a busy host
  // made it gather. From then on none is.
  // Two threads of HAProxy write lines: those of neighbours may come in either order.
  const numbers = came().sort((a, b) => a - b);
  const first = numbers[0]!;
  expect(first).toBeLessThanOrEqual(10);
  expect(numbers).toEqual(Array.from({ length: 200 - first }, (_, n) => first + n));
  await app.kill();
});
