import { afterAll, beforeAll, expect, test } from 'vitest';
import { addPerson, call, startTestApi, type TestApi } from './start-test-api.js';

let api: TestApi;
let base = '';
beforeAll(async () => {
  api = await startTestApi();
  const { db } = api.platform;
  const web = await api.newApp('web');
  const { teamId, environmentId } = await db.app.findUniqueOrThrow({ where: { id: web.id } });
  const expiresAt = new Date(Date.now() + 3600_000);
  const project = { kind: 'project', baseId: environmentId, ownerId: api.admin.userId, expiresAt } as const;
  await db.environment.create({ data: { ...project, teamId, name: 'pa' } });
  base = environmentId;
});
afterAll(() => api.stop());

test('a link to the base’s app is signed and ends with the environment at the latest', async () => {
  const { status, body } = await api.ask('GET', '/environments/pa/link?service=web&path=/cart');
  expect(status).toBe(200);
  expect(body.url).toMatch(/^http:\/\/web\.localhost:8080\/\.berth\/env\?t=pa~\d+~[0-9a-f]{64}&to=\/cart$/);
  expect(body.clear_url).toBe('http://web.localhost:8080/.berth/env?to=/cart');
  expect(Date.parse(body.expires_at) - Date.now()).toBeLessThanOrEqual(3600_000);
});

test('a service that the project has itself needs no link', async () => {
  const { db } = api.platform;
  const own = await api.newApp('own');
  const pa = await db.environment.findFirstOrThrow({ where: { name: 'pa' } });
  await db.app.update({ where: { id: own.id }, data: { environmentId: pa.id } });
  const { body } = await api.ask('GET', '/environments/pa/link?service=own');
  expect(body).toEqual({ url: 'http://own.localhost:8080/', clear_url: null, expires_at: null });
});

test('what cannot be linked to is said in one sentence', async () => {
  const ask = async (query: string) => {
    const { status, body } = await api.ask('GET', `/environments/pa/link${query}`);
    return [status, body.id];
  };
  expect(await ask('')).toEqual([422, 'invalid_params']);
  expect(await ask('?service=nobody')).toEqual([404, 'not_found']);
  expect(await ask('?service=web&path=//evil.example')).toEqual([422, 'invalid_params']);
  expect((await api.ask('POST', '/environments/pa/doctor', { service: 'web', path: '/a b' })).status).toBe(422);
  const stable = await api.platform.db.environment.findUniqueOrThrow({ where: { id: base } });
  expect((await api.ask('GET', `/environments/${stable.name}/link?service=web`)).status).toBe(404);
});

test('members may, viewers and other teams may not', async () => {
  const by = { userId: api.admin.userId };
  const status = async (email: string, role: 'viewer' | 'member') => {
    const { token } = await addPerson(api.platform, by, { email, role });
    return Promise.all([
      call(api, token, 'GET', '/environments/pa/link?service=web').then((answer) => answer.status),
      call(api, token, 'POST', '/environments/pa/doctor', { service: 'nobody' }).then((answer) => answer.status),
    ]);
  };
  expect(await status('member@example.com', 'member')).toEqual([200, 404]);
  expect(await status('viewer@example.com', 'viewer')).toEqual([403, 403]);
  const { token } = await addPerson(api.platform, by, { email: 'left@example.com', role: 'member' });
  const left = await api.platform.db.user.findFirstOrThrow({ where: { email: 'left@example.com' } });
  await api.platform.db.membership.deleteMany({ where: { userId: left.id } });
  expect((await call(api, token, 'GET', '/environments/pa/link?service=web')).status).toBe(404);
});

test('a probe that no router answers says so', async () => {
  const { status, body } = await api.ask('POST', '/environments/pa/doctor', { service: 'web' });
  expect(status).toBe(200);
  expect(body).toMatchObject({ environment: 'pa', service: 'web', path: '/', whole: false, hops: [] });
});
