import { afterAll, beforeAll, expect, test } from 'vitest';
import { newServices } from './new-services.js';
import { seedDeploy } from './seed-deploy.js';
import { addPerson, startTestApi, type TestApi } from './start-test-api.js';

let api: TestApi;
const commit = 'c'.repeat(40);
beforeAll(async () => {
  api = await startTestApi();
  for (const appId of await newServices(api, ['cart', 'orders']))
    await seedDeploy(api.platform, { appId, userId: api.admin.userId, version: 1, commit });
});
afterAll(() => api.stop());

test('a project environment is made, read, extended, changed and destroyed', async () => {
  const wanted = { name: 'red', base: 'production', services: [{ service: 'cart' }], ttl_hours: 5, until_merged: true };
  const made = await api.ask('POST', '/environments', wanted);
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    ...{ name: 'red', kind: 'project', base: { name: 'production' }, team: { name: 'default' } },
    ...{ status: 'starting', message: null, until_merged: true, owner: { email: 'admin@example.com' } },
    services: [
      {
        ...{ service: 'cart', app: { name: 'cart--red' }, web_url: 'http://cart--red.localhost:8080/', branch: null },
        ...{ status: 'starting', commit, release: { version: 1, status: 'pending' }, build: null, steps: [] },
      },
    ],
    fallbacks: [{ service: 'orders', app: { name: 'orders' } }],
  });
  const hours = (body: { created_at: string; expires_at: string }) =>
    Math.round((Date.parse(body.expires_at) - Date.parse(body.created_at)) / 3_600_000);
  expect(hours(made.body)).toBe(5);
  expect(hours((await api.ask('POST', '/environments/red/extend', { hours: 3 })).body)).toBe(8);
  expect((await api.ask('GET', '/environments/red')).body).toMatchObject({ id: made.body.id });
  expect((await api.ask('GET', '/environments')).body).toMatchObject([{ name: 'red' }]);
  const added = await api.ask('POST', '/environments/red/services', { service: 'orders', commit });
  expect([added.status, added.body.services.length, added.body.fallbacks]).toEqual([201, 2, []]);
  const dropped = await api.ask('DELETE', '/environments/red/services/cart');
  expect(dropped.body.services).toMatchObject([{ service: 'orders' }]);
  expect((await api.ask('DELETE', '/environments/red')).body).toMatchObject({ name: 'red' });
  expect((await api.ask('GET', '/environments/red')).status).toBe(404);
});

test('its env is text for a shell, for who may see config', async () => {
  await api.ask('POST', '/environments', { name: 'blue', base: 'production', services: [{ service: 'cart' }] });
  const read = (token: string, query = '') =>
    fetch(`${api.url}/environments/blue/env${query}`, { headers: { authorization: `Bearer ${token}` } });
  const env = await read(api.admin.token, '?service=cart');
  expect(env.headers.get('content-type')).toContain('text/plain');
  expect(await env.text()).toContain("export ORDERS_URL='http://orders.localhost:8080/'\n");
  const viewer = await addPerson(api.platform, api.admin, { email: 'viewer@example.com', role: 'viewer' });
  expect((await read(viewer.token)).status).toBe(403);
  expect((await read(api.admin.token, '?service=nothing')).status).toBe(404);
});

test.each([
  [{ base: 'production', services: [{ service: 'cart' }] }, 'name'],
  [{ name: 'grey', base: 'production', services: [] }, 'services'],
  [{ name: 'grey', base: 'production', services: [{ service: 'cart', tag: 'x' }] }, 'tag'],
])('what is missing or unknown is named: %j', async (wanted, what) => {
  const { status, body } = await api.ask('POST', '/environments', wanted);
  expect(status).toBe(422);
  expect(body.message).toContain(what);
});
