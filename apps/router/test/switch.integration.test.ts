import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MemorySource } from './memory-source.js';
import { freePort, startController, startHaproxy } from './real-router.js';
import { request } from './request.js';
import { until } from './until.js';

let haproxy: Awaited<ReturnType<typeof startHaproxy>>;
let controller: ReturnType<typeof startController>;
const source = new MemorySource();

beforeAll(async () => {
  haproxy = await startHaproxy();
  controller = startController(haproxy.settings, source);
  source.onChange = controller.ring;
});

afterAll(async () => {
  await controller.stop();
  await haproxy.stop();
});

const get = (host: string) => request(haproxy.settings.appsPort, host);

test('a new rollout is probed, switched to and answers', async () => {
  const port = await freePort();
  source.addApp('shop');
  await until('the route is applied', () => source.route('shop').appliedVersion === 1);
  expect((await get('shop.localhost')).status).toBe(503);
  const server = createServer((_, response) => response.end('hello')).listen(port);
  for (let i = 0; i < 5; i++) {
    const addedAt = performance.now();
    source.addRollout('shop', `r${i}`);
    source.addServer(`r${i}`, `i${i}`, port);
    await until('healthy', () => source.server(`i${i}`).seen === 'healthy');
    const healthyAt = performance.now();
    source.want(`i${i}`, 'ready');
    source.change('shop', { rolloutId: `r${i}` });
    await until('applied', () => source.route('shop').appliedVersion === source.route('shop').version);
    console.log('healthy', healthyAt - addedAt, 'switched', performance.now() - healthyAt);
  }
  expect(await get('shop.localhost')).toMatchObject({ status: 200, text: 'hello' });
  server.close();
});
