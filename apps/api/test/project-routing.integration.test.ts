import { appendHops } from '@berth/logs/probe-hops';
import { getProjectLink, openedMs } from '@berth/platform/projects/get-project-link';
import { removeMember } from '@berth/platform/teams/remove-member';
import { setMemberRole } from '@berth/platform/teams/set-member-role';
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
  expect(body.open_url).toBe('http://dashboard.localhost:5000/open/pa/web?path=%2Fcart');
});

test('a service that the project has itself needs no link', async () => {
  const { db } = api.platform;
  const own = await api.newApp('own');
  const pa = await db.environment.findFirstOrThrow({ where: { name: 'pa' } });
  await db.app.update({ where: { id: own.id }, data: { environmentId: pa.id } });
  const { body } = await api.ask('GET', '/environments/pa/link?service=own');
  expect(body).toEqual({
    ...{ url: 'http://own.localhost:8080/', clear_url: null, expires_at: null },
    open_url: 'http://dashboard.localhost:5000/open/pa/own',
  });
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

test('who opens it signed in gets an hour, and no further one without the right', async () => {
  const { platform, admin } = api;
  const { db } = platform;
  const { teamId } = await db.environment.findFirstOrThrow({ where: { name: 'pa' } });
  const stable = await db.environment.findUniqueOrThrow({ where: { id: base } });
  const long = new Date(Date.now() + 24 * 3600_000);
  const project = { kind: 'project', baseId: stable.id, ownerId: admin.userId, expiresAt: long } as const;
  const made = await db.environment.create({ data: { ...project, teamId, name: 'opened' } });
  const { userId } = await addPerson(platform, admin, { email: 'opener@example.com', role: 'member' });
  const open = () =>
    getProjectLink(platform, { actor: { userId }, environment: 'opened', service: 'web', validMs: openedMs });
  const left = ((await open()).expiresAt?.getTime() ?? 0) - Date.now();
  expect(left).toBeGreaterThan(openedMs - 60_000);
  expect(left).toBeLessThanOrEqual(openedMs);
  await setMemberRole(platform, { actor: admin, team: teamId, userId, role: 'viewer' });
  await expect(open()).rejects.toMatchObject({ code: 'forbidden' });
  await setMemberRole(platform, { actor: admin, team: teamId, userId, role: 'member' });
  await db.environment.update({ where: { id: made.id }, data: { destroyedAt: new Date() } });
  await expect(open()).rejects.toMatchObject({ code: 'not_found' });
  await db.environment.update({ where: { id: made.id }, data: { destroyedAt: null } });
  await open();
  await removeMember(platform, { actor: admin, team: teamId, userId });
  await expect(open()).rejects.toMatchObject({ code: 'not_found' });
});

test('a probe that no router answers says so', async () => {
  const { status, body } = await api.ask('POST', '/environments/pa/doctor', { service: 'web' });
  expect(status).toBe(200);
  expect(body).toMatchObject({ environment: 'pa', service: 'web', path: '/', whole: false, hops: [] });
});

test('a probe that the router told of is drawn: who called whom, who answered, and who lost the mark', async () => {
  const { redis, instance } = api.platform;
  const probes = () => redis.keys(`berth:${instance}:probe:*`);
  const before = await probes();
  const answer = api.ask('POST', '/environments/pa/doctor', { service: 'web', path: '/cart?id=1' });
  const key = await expect
    .poll(async () => (await probes()).find((one) => !before.includes(one)))
    .toBeTruthy()
    .then(async () => (await probes()).find((one) => !before.includes(one)));
  const at = Date.now();
  const hop = { at, ms: 2, mark: 'pa', status: 200, reason: '', host: 'web' };
  const web = { environment: 'production', service: 'web', process: 'web.1', instanceId: 'w' };
  const users = { environment: 'pa', service: 'users', process: 'web.1', instanceId: 'u' };
  await appendHops(redis, instance, key?.split(':').at(-1) ?? '', [
    { ...hop, id: 'r2', at: at + 1, ms: 1, caller: web, answeredBy: users, host: 'users', isTraced: true },
    {
      ...hop,
      id: 'r3',
      at: at + 1,
      ms: 1,
      caller: web,
      answeredBy: null,
      host: 'mail',
      mark: '',
      status: 503,
      isTraced: false,
    },
    { ...hop, id: 'r1', ms: 5, caller: null, answeredBy: web, isTraced: true },
  ]);
  const { status, body } = await answer;
  expect(status).toBe(200);
  expect(body).toMatchObject({ environment: 'pa', service: 'web', path: '/cart?id=1', whole: true });
  expect(body.hops).toMatchObject([
    {
      ...{ request_id: 'r1', caller: null, answered_by: { environment: 'production', service: 'web' }, mark: 'pa' },
      calls: [
        {
          request_id: 'r2',
          caller: { service: 'web' },
          answered_by: { environment: 'pa', service: 'users' },
          carried: true,
        },
        { request_id: 'r3', host: 'mail', answered_by: null, mark: null, carried: false, status: 503 },
      ],
    },
  ]);
  expect(body.services).toMatchObject([
    { service: 'web', environment: 'production', verdict: 'lost', carried: 1, lost: 1, remarked: false },
    { service: 'users', environment: 'pa', verdict: 'no-calls' },
  ]);
});
