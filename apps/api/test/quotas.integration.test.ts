import { afterAll, beforeAll, expect, test } from 'vitest';
import { addPerson, call, startTestApi, type TestApi } from './start-test-api.js';

let api: TestApi;
let member = '';
beforeAll(async () => {
  api = await startTestApi();
  await api.newApp('cart');
  const by = { userId: api.admin.userId };
  member = (await addPerson(api.platform, by, { email: 'member@example.com', role: 'member' })).token;
});
afterAll(() => api.stop());

const ofTeam = '/teams/default/quota';
const ofEnvironment = '/teams/default/environments/production/quota';
const none = { apps: null, environments: null, memory_mib: null, cpus: null, disk_mib: null };
const taken = { apps: 1, environments: 0, memory_mib: 512, cpus: 0.5, disk_mib: 0 };

test('a quota is read and set as a whole, for a team and for an environment; null and what is left out are no limit', async () => {
  expect((await api.ask('GET', ofTeam)).body).toEqual({ limits: none, taken });
  const set = await api.ask('PUT', ofTeam, { apps: 2, memory_mib: 4096, cpus: 1.5, disk_mib: null });
  expect([set.status, set.body.limits]).toEqual([200, { ...none, apps: 2, memory_mib: 4096, cpus: 1.5 }]);
  expect((await api.ask('PUT', ofTeam, { apps: 2 })).body.limits).toEqual({ ...none, apps: 2 });
  expect((await api.ask('PUT', ofEnvironment, { apps: 1 })).body).toEqual({ limits: { ...none, apps: 1 }, taken });
  expect((await api.ask('GET', ofEnvironment)).body.limits.apps).toBe(1);

  const refused = await api.ask('POST', '/apps', { name: 'orders' });
  expect([refused.status, refused.body]).toEqual([
    422,
    {
      id: 'quota_exceeded',
      message: 'Environment production is at its quota: 1 of 1 apps are taken and 1 more are asked for.',
    },
  ]);
  await api.ask('PUT', ofEnvironment, {});
  expect((await api.ask('POST', '/apps', { name: 'orders' })).status).toBe(201);
  expect((await api.ask('POST', '/apps', { name: 'users' })).body.message).toBe(
    'Team default is at its quota: 2 of 2 apps are taken and 1 more are asked for.',
  );
});

test.each([
  ['a limit that there is not', { instances: 3 }],
  ['less than nothing', { apps: -1 }],
  ['half an app', { apps: 1.5 }],
  ['a text', { cpus: 'many' }],
  ['what only a team has, for an environment', { environments: 10 }],
])('%s is refused in one sentence', async (_what, limits) => {
  const { status, body } = await api.ask('PUT', ofEnvironment, limits);
  expect(status).toBe(422);
  expect(body).toEqual({ id: 'invalid_params', message: expect.stringMatching(/^[^\n]+\.$/) });
});

test('members see it; who may not change it, and what is not there, is told so', async () => {
  expect((await call(api, member, 'GET', ofTeam)).status).toBe(200);
  expect((await call(api, member, 'PUT', ofTeam, { apps: 9 })).status).toBe(403);
  expect((await call(api, member, 'PUT', ofEnvironment, { apps: 9 })).status).toBe(403);
  expect((await api.ask('GET', '/teams/nobody/quota')).status).toBe(404);
  expect((await api.ask('GET', '/teams/default/environments/nowhere/quota')).status).toBe(404);
  expect((await call(api, null, 'GET', ofTeam)).status).toBe(401);
});
