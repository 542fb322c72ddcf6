import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../packages/daemon/test/free-port.js';
import { until } from '../../../packages/daemon/test/until.js';
import { startApp } from './app-server.js';
import { request } from './request.js';
import { startRouter } from './test-router.js';

let router: Awaited<ReturnType<typeof startRouter>>;
beforeAll(async () => {
  router = await startRouter();
});
afterAll(() => router.stop());

test('an unknown host gets the 404 page, with the request’s id', async () => {
  const answer = await router.get('nobody.localhost', { headers: { 'x-request-id': 'a-sane-id-of-a-caller-1' } });
  expect(answer.status).toBe(404);
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.text).toContain('There’s nothing here, yet.');
  expect(answer.text).toContain('a-sane-id-of-a-caller-1');
  expect(answer.text).toContain('height:100%}');
});

test('an app without a release, and one without a healthy instance, get a 503 page that says so', async () => {
  router.source.addApp('fresh');
  await until('applied', () => router.source.route('fresh').appliedVersion === 1);
  const empty = await router.get('fresh.localhost');
  expect([empty.status, empty.text.includes('nothing was released')]).toEqual([503, true]);
  router.source.addRollout('fresh', 'fresh1');
  await router.switchTo('fresh', 'fresh1');
  const none = await router.get('fresh.localhost');
  expect([none.status, none.text.includes('None of its instances is up')]).toEqual([503, true]);
});

test('maintenance mode shows its page, also to other apps, and goes again', async () => {
  const app = await startApp('works');
  await router.deploy('works', 'works1', [app.port]);
  router.source.change('works', { maintenance: true });
  await until('on', () => router.source.route('works').appliedVersion === router.source.route('works').version);
  const page = await router.get('works.localhost');
  expect([page.status, page.text.includes('Offline for maintenance')]).toEqual([503, true]);
  expect(app.count).toBe(0);
  router.source.change('works', { maintenance: false });
  await until('off', () => router.source.route('works').appliedVersion === router.source.route('works').version);
  expect((await router.get('works.localhost')).text).toBe('works');
  await app.kill();
});

test('a refused connection is tried at another instance, with its body', async () => {
  const alive = await startApp('alive');
  const dying = await startApp('dying');
  await router.deploy('pair', 'pair1', [alive.port, dying.port]);
  await dying.kill();
  const body = Buffer.alloc(200_000, 'b');
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => router.get('pair.localhost', { method: 'POST', body })),
  );
  expect(answers.filter(({ status, text }) => status !== 200 || text !== 'alive')).toEqual([]);
  await until('the dead one is out', () => router.source.server('pair1-1').seen === 'failing');
  await alive.kill();
});

test('a crashed instance is out of rotation and comes back when it answers again', async () => {
  const port = await freePort();
  const first = await startApp('again', { port });
  await router.deploy('again', 'again1', [port]);
  await first.kill();
  await until('failing', () => router.source.server('again1-0').seen === 'failing');
  expect((await router.get('again.localhost')).status).toBe(503);
  const second = await startApp('again', { port });
  await until('healthy', () => router.source.server('again1-0').seen === 'healthy');
  expect((await router.get('again.localhost')).text).toBe('again');
  await second.kill();
});

test('an instance that moved to another address is gated anew', async () => {
  const before = await startApp('before');
  const after = await startApp('after');
  await router.deploy('moved', 'moved1', [before.port]);
  await before.kill();
  Object.assign(router.source.server('moved1-0'), { port: after.port, seen: 'unknown', lastCheck: null });
  router.controller.ring();
  await until('healthy', () => router.source.server('moved1-0').seen === 'healthy');
  expect((await router.get('moved.localhost')).text).toBe('after');
  await after.kill();
});

test('internal names answer by the caller’s address: own environment, 404 for others’ services, 403 for strangers', async () => {
  const app = await startApp('inside');
  router.source.addEnvironment('env1', { subnet: '127.0.1.0/24' });
  router.source.addEnvironment('env2', { subnet: '127.0.2.0/24' });
  router.source.addApp('inside', { environmentId: 'env1', service: 'pay' });
  router.source.addApp('other', { environmentId: 'env2', service: 'other' });
  await router.deploy('inside', 'inside1', [app.port]);
  const { port } = router.settings.internal;
  const ask = (localAddress: string) => request(port, 'pay.internal', { localAddress });
  expect(await ask('127.0.1.7')).toMatchObject({ status: 200, text: 'inside' });
  expect((await ask('127.0.2.7')).status).toBe(404);
  expect((await ask('127.0.3.7')).status).toBe(403);
  expect((await request(port, 'inside.localhost', { localAddress: '127.0.1.7' })).status).toBe(404);
  await app.kill();
});
