import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { startApp } from './app-server.js';
import { openTunnel } from './socket.js';
import { startRouter } from './test-router.js';

let router: Awaited<ReturnType<typeof startRouter>>;
beforeAll(async () => {
  router = await startRouter();
});
afterAll(() => router.stop());

const answers = (host: string, text: string) =>
  router.get(host).then(
    (answer) => answer.text === text,
    () => false,
  );

test('HAProxy that is killed comes back serving, also with the controller dead', async () => {
  const app = await startApp('kept');
  await router.deploy('kept', 'kept1', [app.port]);
  await router.controller.stop();
  await router.haproxy.kill();
  await until('it serves again', () => answers('kept.localhost', 'kept'), 15_000);
  router.startController();
  const next = await startApp('next');
  await router.deploy('kept', 'kept2', [next.port]);
  expect(await answers('kept.localhost', 'next')).toBe(true);
  await router.retire('kept1');
  await Promise.all([app.kill(), next.kill()]);
});

test('HAProxy that is killed is filled again by the controller: servers, maps, what was being probed', async () => {
  const app = await startApp('full');
  const probed = await startApp('probed');
  await router.deploy('full', 'full1', [app.port]);
  router.source.change('full', { maintenance: true });
  await until('on', () => router.source.route('full').appliedVersion === router.source.route('full').version);
  router.source.addRollout('full', 'full2');
  router.source.addServer('full2', 'full2-0', probed.port);
  await router.haproxy.kill();
  const isDown = async () => (await router.get('full.localhost')).text.includes('Offline for maintenance');
  await until('maintenance is on again', () => isDown().catch(() => false), 15_000);
  await until('probed', () => router.source.server('full2-0').seen === 'healthy');
  router.source.want('full2-0', 'ready');
  router.source.change('full', { maintenance: false, rolloutId: 'full2' });
  await until('served', () => answers('full.localhost', 'probed'));
  await Promise.all([app.kill(), probed.kill()]);
});

test('a controller that is killed goes on where it was', async () => {
  const old = await startApp('old');
  const fresh = await startApp('fresh');
  await router.deploy('handed', 'handed1', [old.port]);
  router.source.addRollout('handed', 'handed2');
  router.source.addServer('handed2', 'handed2-0', fresh.port);
  await router.restartController();
  await until('healthy', () => router.source.server('handed2-0').seen === 'healthy');
  await router.controller.stop();
  router.source.want('handed2-0', 'ready');
  router.source.change('handed', { rolloutId: 'handed2' });
  await sleep(50);
  expect((await router.get('handed.localhost')).text).toBe('old');
  router.startController();
  await until('switched', () => answers('handed.localhost', 'fresh'));
  router.source.want('handed1-0', 'gone');
  await router.restartController();
  await until('gone', () => router.source.server('handed1-0').seen === 'gone');
  await Promise.all([old.kill(), fresh.kill()]);
});

test('a stock that is used up is enlarged, and a tunnel lives through the reload and counts as open', async () => {
  const app = await startApp('many');
  await router.deploy('many', 'many0', [app.port]);
  const tunnel = await openTunnel(router.settings.appsPort, 'many.localhost');
  for (let i = 1; i <= 12; i++) await router.deploy('many', `many${i}`, [app.port]);
  expect([...router.source.backends.values()].some(({ slot }) => slot === 'any9')).toBe(true);
  expect(await answers('many.localhost', 'many')).toBe(true);
  expect(await tunnel.say('through')).toBe('many:through');
  router.source.want('many0-0', 'drain');
  await until('counted', () => router.source.server('many0-0').openRequests === 1);
  expect(router.source.server('many0-0').seen).toBe('healthy');
  tunnel.close();
  await until('drained', () => router.source.server('many0-0').seen === 'drained');
  await app.kill();
});

test('a tunnel in an old worker is cut with its server, and its neighbour’s is not', async () => {
  const [app, other] = [await startApp('cut'), await startApp('kept')];
  const own = await startRouter();
  onTestFinished(() => own.stop());
  await own.deploy('cut', 'cut0', [app.port]);
  await own.deploy('kept', 'kept0', [other.port]);
  const [cut, kept] = [
    await openTunnel(own.settings.appsPort, 'cut.localhost'),
    await openTunnel(own.settings.appsPort, 'kept.localhost'),
  ];
  for (let i = 1; i <= 12; i++) await own.deploy('cut', `cut${i}`, [app.port]);
  expect([...own.source.backends.values()].some(({ slot }) => slot === 'any9')).toBe(true); // the stock was enlarged by a reload
  expect(await cut.say('through')).toBe('cut:through');
  own.source.want('cut0-0', 'gone');
  await until('the tunnel is cut', () => cut.isClosed);
  await until('gone', () => own.source.server('cut0-0').seen === 'gone');
  expect(await kept.say('still here')).toBe('kept:still here');
  kept.close();
  await Promise.all([app.kill(), other.kill()]);
});

test('a reload by hand is noticed', async () => {
  const app = await startApp('hand');
  await router.deploy('hand', 'hand1', [app.port]);
  await router.haproxy.signal('USR2');
  await sleep(1_500);
  expect(await answers('hand.localhost', 'hand')).toBe(true);
  const next = await startApp('hand2');
  await router.deploy('hand', 'hand2', [next.port]);
  expect(await answers('hand.localhost', 'hand2')).toBe(true);
  await Promise.all([app.kill(), next.kill()]);
});
