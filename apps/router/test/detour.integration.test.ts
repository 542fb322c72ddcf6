import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import type { AppServer } from './app-server.js';
import { startEcho } from './echo-app.js';
import { request } from './request.js';
import { startRouter } from './test-router.js';

let router: Awaited<ReturnType<typeof startRouter>>;
let apps: AppServer[];
let carrier: Server;
const names = ['a@daily', 'b@daily', 'b@pa'];
beforeAll(async () => {
  router = await startRouter();
  router.source.addEnvironment('daily', { subnet: '127.0.1.0/24' });
  router.source.addEnvironment('pa', { baseId: 'daily', subnet: '127.0.3.0/24' });
  apps = await Promise.all(names.map(startEcho));
  for (const [index, name] of names.entries()) {
    const [service = '', environmentId = ''] = name.split('@');
    router.source.addApp(name.replace('@', '--'), { environmentId, service });
    await router.deploy(name.replace('@', '--'), `${name.replace('@', '--')}-1`, [apps[index]?.port ?? 0]);
  }
  carrier = createServer(({ headers }, answer) => answer.end(`machine ${headers['berth-detour']} ${headers.baggage}`));
  await listen();
});
afterEach(() => change(() => router.source.detours.splice(0)));
afterAll(async () => {
  carrier.close();
  await Promise.all(apps.map((app) => app.kill()));
  await router.stop();
});

const listen = () => new Promise<void>((done) => carrier.listen(router.settings.detours.port, '127.0.0.1', done));
const change = (make: () => unknown) => {
  make();
  router.source.onChange();
};
const begin = (service: string, leaseMs = 60_000) =>
  change(() =>
    router.source.detours.push({ id: `d-${service}`, environmentId: 'pa', service, leaseUntil: Date.now() + leaseMs }),
  );
const call = async (service: string, localAddress: string, headers = {}) =>
  (await request(router.settings.internal.port, `${service}.internal`, { localAddress, headers })).text;
const fromPa = (service: string) => call(service, '127.0.3.9');
const turnsTo = (words: string, ask: () => Promise<string>) => until(words, async () => (await ask()).includes(words));

test('calls to the service go to the carrier, by network and by mark; those of the base do not', async () => {
  begin('a');
  await turnsTo('machine d-a', () => fromPa('a'));
  expect(await fromPa('a')).toBe('machine d-a berth-env=pa');
  expect(await call('a', '127.0.1.9', { baggage: 'berth-env=pa' })).toBe('machine d-a berth-env=pa');
  expect(await call('a', '127.0.1.9', { 'berth-detour': 'd-a' })).toContain('"app":"a@daily"');
  expect(await fromPa('b')).toContain('"app":"b@pa"');
});

test('an own app is answered so at its public host too, and is back when the detour ends', async () => {
  begin('b');
  const fromOutside = async () => (await router.get('b--pa.localhost')).text;
  await turnsTo('machine d-b', fromOutside);
  change(() => router.source.detours.splice(0));
  await turnsTo('"app":"b@pa"', fromOutside);
  await turnsTo('"app":"b@pa"', () => fromPa('b'));
});

test('a lease that nobody renews ends by itself, without a message', async () => {
  begin('a', 1_500);
  await turnsTo('machine d-a', () => fromPa('a'));
  await turnsTo('"app":"a@daily"', () => fromPa('a'));
});

test('while the carrier is away callers are told so in plain text', async () => {
  begin('a');
  await turnsTo('machine d-a', () => fromPa('a'));
  await new Promise((done) => carrier.close(done).closeAllConnections());
  onTestFinished(listen);
  const ask = () => request(router.settings.internal.port, 'a.internal', { localAddress: '127.0.3.9' });
  await until('the router knows', async () => (await ask()).status === 503); // not of a kept connection that just ended: 502
  const answer = await ask();
  expect(answer).toMatchObject({ status: 503, headers: { 'content-type': 'text/plain; charset=utf-8' } });
  expect(answer.text).toBe(
    'Somebody’s own machine answers for this service, and Berth cannot reach it now: try again.\n',
  );
});
