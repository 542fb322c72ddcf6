import { afterAll, beforeAll, expect, test } from 'vitest';
import { newServices } from './new-services.js';
import { seedDeploy } from './seed-deploy.js';
import { addPerson, call, startTestApi, type TestApi } from './start-test-api.js';

let api: TestApi;
const commit = 'c'.repeat(40);
beforeAll(async () => {
  api = await startTestApi({ prices: { cpuHour: 2, gibHour: 1 } });
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

test('what it takes, what it has cost and what its data are is told to its team', async () => {
  const base = (await api.ask('POST', '/apps/cart/addons', { plan: 'berth-redis:mini' })).body.name;
  const { body: made } = await api.ask('POST', '/environments', {
    ...{ name: 'green', base: 'production', services: [{ service: 'cart' }] },
    data: { policy: 'empty' },
  });
  const [{ app }] = made.services;
  const used = { cpuMs: 3_600_000, memoryMiBSeconds: 1_024 * 3_600, awakeSeconds: 3_600 };
  await api.platform.db.usageHour.create({
    data: { ...used, appId: app.id, app: app.name, environment: 'green', teamId: made.team.id, hour: new Date() },
  });
  const footprint = await api.ask('GET', '/environments/green/footprint');
  expect([footprint.status, footprint.body]).toMatchObject([
    200,
    {
      own: { apps: 1, memory_mib: expect.any(Number), now: null, freed_bytes: 0 },
      copy: { apps: 2 },
      used: { cpu_hours: 1, gib_hours: 1, awake_hours: 1, asleep_hours: 0 },
      cost: 3,
    },
  ]);
  expect((await api.ask('GET', '/environments/green/data')).body).toEqual([
    {
      ...{ service: 'cart', attachment: 'REDIS', addon: expect.stringMatching(/^redis-/), status: 'provisioning' },
      ...{ policy: 'empty', base, masked: false },
    },
  ]);
  const stranger = await addPerson(api.platform, api.admin, { email: 'stranger@example.com', role: 'viewer' });
  await api.platform.db.membership.deleteMany({ where: { user: { email: 'stranger@example.com' } } });
  for (const part of ['footprint', 'data'])
    expect((await call(api, stranger.token, 'GET', `/environments/green/${part}`)).status).toBe(404);
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
