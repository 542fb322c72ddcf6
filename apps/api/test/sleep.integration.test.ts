import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedDeploy } from './seed-deploy.js';
import { addPerson, call, startTestApi, type TestApi } from './start-test-api.js';

let api: TestApi;
let appId = '';
beforeAll(async () => {
  api = await startTestApi();
  appId = (await api.newApp('sleeper')).id;
  await seedDeploy(api.platform, { appId, userId: api.admin.userId, version: 1, commit: 'd'.repeat(40) });
});
afterAll(() => api.stop());

const policy = '/teams/default/environments/production/sleep';
const hours = { days: ['mon', 'fri'], from: '09:00', to: '19:00', time_zone: 'Europe/Berlin' };

test('the policy of an environment is read and changed part by part', async () => {
  expect((await api.ask('GET', policy)).body).toEqual({ after_minutes: null, awake: [] });
  const changed = await api.ask('PATCH', policy, { after_minutes: 120, awake: [hours] });
  expect([changed.status, changed.body]).toEqual([200, { after_minutes: 120, awake: [hours] }]);
  expect((await api.ask('PATCH', policy, { after_minutes: null })).body).toEqual({
    after_minutes: null,
    awake: [hours],
  });
  expect((await api.ask('GET', policy)).body.awake).toEqual([hours]);
});

test.each([
  [policy, { after_minutes: 0 }],
  [policy, { after_minutes: 'soon' }],
  [policy, { awake: [{ ...hours, time_zone: 'Mars/Base' }] }],
  [policy, { awake: [{ ...hours, days: ['someday'] }] }],
  [policy, { never: true }],
  ['/apps/sleeper/sleep', { setting: 'sometimes' }],
])('PATCH %s with %j is refused in one sentence', async (path, body) => {
  const answer = await api.ask('PATCH', path, body);
  expect(answer.status).toBe(422);
  expect(answer.body).toEqual({ id: 'invalid_params', message: expect.stringMatching(/^[^\n]+\.$/) });
});

test('an app says how it sleeps, how long it slept and what that saved', async () => {
  expect((await api.ask('GET', '/apps/sleeper/sleep')).body).toMatchObject({
    ...{ state: 'awake', setting: 'default', slept_seconds: 0, wakes: 0 },
    ...{ policy: { after_minutes: null, awake: [hours] }, saved: { memory_bytes: 0, gib_hours: 0 } },
  });
  const now = new Date();
  const asleep = {
    ...{ state: 'pushed_out' as const, since: now, asleepAt: now, freedBytes: 30_000_000n },
    ...{ sleptMs: 7_200_000n, savedMibSeconds: BigInt(1_024 * 3_600), wakes: 3 },
  };
  await api.platform.db.sleep.upsert({ where: { appId }, create: { appId, ...asleep }, update: asleep });
  const { body } = await api.ask('GET', '/apps/sleeper/sleep');
  expect(body).toMatchObject({ state: 'pushed_out', wakes: 3, saved: { memory_bytes: 30_000_000 } });
  expect(body.slept_seconds).toBeGreaterThanOrEqual(7_200);
  expect(body.saved.gib_hours).toBeCloseTo(1, 1);
});

test('one app is kept awake by hand, and put to sleep and woken: asked for here, done by the releaser', async () => {
  expect((await api.ask('PATCH', '/apps/sleeper/sleep', { setting: 'never' })).body.setting).toBe('never');
  expect((await api.ask('PATCH', '/apps/sleeper/sleep', { setting: 'default' })).body.setting).toBe('default');
  const asked = async () => (await api.platform.db.sleep.findUniqueOrThrow({ where: { appId } })).asked;
  expect((await api.ask('POST', '/apps/sleeper/actions/wake')).status).toBe(202);
  expect(await asked()).toBe('wake');
  expect((await api.ask('POST', '/apps/sleeper/actions/sleep', { step: 'stopped' })).status).toBe(202);
  expect(await asked()).toBe('stop');
  expect((await api.ask('POST', '/apps/sleeper/actions/sleep', { step: 'deeper' })).status).toBe(422);
  const { name } = await api.newApp('never-deployed');
  const refused = await api.ask('POST', `/apps/${name}/actions/sleep`, {});
  expect([refused.status, refused.body.message]).toEqual([
    422,
    'This app has no release: nothing runs that could sleep.',
  ]);
});

test('viewers see it and change nothing; members put apps to sleep, admins set policies', async () => {
  const by = { userId: api.admin.userId };
  const [viewer, member] = await Promise.all(
    (['viewer', 'member'] as const).map((role) =>
      addPerson(api.platform, by, { email: `${role}@example.com`, role }).then(({ token }) => token),
    ),
  );
  const status = async (token: string | undefined, method: string, path: string, body?: object) =>
    (await call(api, token ?? null, method, path, body)).status;
  expect(await status(viewer, 'GET', '/apps/sleeper/sleep')).toBe(200);
  expect(await status(viewer, 'POST', '/apps/sleeper/actions/wake')).toBe(403);
  expect(await status(member, 'POST', '/apps/sleeper/actions/wake')).toBe(202);
  expect(await status(member, 'PATCH', policy, { after_minutes: 5 })).toBe(403);
  expect(await status(undefined, 'GET', '/apps/sleeper/sleep')).toBe(401);
});
