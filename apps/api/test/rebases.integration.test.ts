import { acquireLease } from '@berth/jobs/lease';
import { recordBase } from '@berth/platform/bases/record-base';
import { finishRebase } from '@berth/platform/rebases/finish-rebase';
import { listCandidates } from '@berth/platform/rebases/list-candidates';
import { savePlan } from '@berth/platform/rebases/save-plan';
import { takeUpRebase } from '@berth/platform/rebases/take-up-rebase';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addPerson, call, startTestApi, type TestApi } from './start-test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const digest = (seed: string) => `sha256:${seed.padEnd(64, '0')}`;

/** An app whose current release lies on an older stack. */
async function newLiveApp(name: string) {
  const { db, secrets } = api.platform;
  const { id: appId } = await api.newApp(name);
  const { repositoryId } = await db.app.findUniqueOrThrow({ where: { id: appId } });
  const labels = { stack: 'berth-13', stackDigest: digest('a'), runtimeName: 'node', runtimeDigest: digest('c') };
  const image = await db.image.create({
    data: { repositoryId, digest: digest('e'), commit: 'c'.repeat(40), processTypes: [], labels, sizeBytes: 1 },
  });
  const release = await db.release.create({
    data: {
      ...{ appId, version: 1, status: 'succeeded', reason: 'build', description: 'Deploy', imageId: image.id },
      ...{ userId: api.admin.userId, config: secrets.seal('{}') },
    },
  });
  await db.app.update({ where: { id: appId }, data: { currentReleaseId: release.id, lastVersion: 1 } });
  return { id: appId, name };
}

/** What the builder does with a rebase, without a registry. */
async function work() {
  const { platform } = api;
  const { id: rebaseId } = await untilOne(() => platform.db.rebase.findFirst({ where: { status: 'pending' } }));
  const lease = (await acquireLease(platform.db, `rebase:${rebaseId}`, 'test', 60_000))!;
  const taken = (await takeUpRebase(platform, { rebaseId, lease }))!;
  const changes = {
    stack: {
      from: { name: 'berth-13', digest: digest('a') },
      to: { name: 'berth-13', version: '20261122', digest: digest('b') },
    },
  };
  const apps = (await listCandidates(platform, { rebaseId })).map((candidate) => ({
    ...candidate,
    outcome: { kind: 'move' as const, changes },
  }));
  await savePlan(platform, { rebaseId, apps, waveSize: taken.waveSize, lease });
  if (taken.dryRun) await finishRebase(platform, { rebaseId, lease });
}

async function untilOne<T>(find: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const found = await find();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('a dry run is answered with what would move, and with the packages that differ', async () => {
  const app = await newLiveApp('rebase-shop');
  for (const [seed, version, tzdata] of [
    ['a', '20261121', '1'],
    ['b', '20261122', '2'],
  ] as const)
    await recordBase(api.platform, {
      ...{ kind: 'stack', name: 'berth-13', line: 'berth-13' },
      ...{ digest: digest(seed), version, packages: ['tini=1', `tzdata=${tzdata}`] },
    });
  const [answer] = await Promise.all([
    api.ask('POST', '/rebases', { stack: 'berth-13', apps: [app.name], dry_run: true, wave_size: 3 }),
    work(),
  ]);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ status: 'succeeded', dry_run: true, wave_size: 3, counts: { planned: 1 } });
  expect(answer.body.apps[0]).toMatchObject({ app: { name: app.name }, wave: 1, status: 'planned', release: null });
  expect(answer.body.moves).toEqual([
    { from: digest('a'), to: digest('b'), packages: [{ name: 'tzdata', from: '1', to: '2' }] },
  ]);
  const stacks = await api.ask('GET', '/stacks');
  expect(stacks.body[0]).toMatchObject({ name: 'berth-13', default: true });
  expect(stacks.body[0].versions).toMatchObject([
    { version: '20261122', current: true, apps: [], packages_behind: [] },
    { version: '20261121', current: false, packages_behind: [{ name: 'tzdata', from: '1', to: '2' }] },
  ]);
  expect(stacks.body[0].versions[1].apps).toContainEqual(expect.objectContaining({ name: app.name }));
  const runtimes = await api.ask('GET', '/runtimes');
  expect(runtimes.body).toMatchObject([{ name: 'node', versions: [{ digest: digest('c'), version: null }] }]);
});

test('a rebase is seen by the team, cancelled by who started it, and reaches nobody else', async () => {
  const app = await newLiveApp('rebase-team');
  const [started] = await Promise.all([api.ask('POST', '/rebases', { apps: [app.name] }), work()]);
  expect(started).toMatchObject({ status: 201, body: { status: 'running', counts: { planned: 1 } } });
  const viewer = await addPerson(api.platform, api.admin, { email: 'viewer@example.com', role: 'viewer' });
  const path = `/rebases/${started.body.id}`;
  expect(await call(api, viewer.token, 'GET', path)).toMatchObject({ status: 200 });
  expect(await call(api, viewer.token, 'DELETE', path)).toMatchObject({ status: 403 });
  expect(await call(api, viewer.token, 'POST', '/rebases', { apps: [app.name] })).toMatchObject({ status: 403 });
  const other = await call<{ name: string }>(api, viewer.token, 'POST', '/teams', { name: 'others' });
  expect(other.status).toBe(201);
  const stranger = await addPerson(api.platform, viewer, { email: 'x@example.com', role: 'owner', team: 'others' });
  expect(await call(api, stranger.token, 'GET', path)).toMatchObject({ status: 404 });
  expect(await call(api, stranger.token, 'POST', '/rebases', { apps: [app.name] })).toMatchObject({ status: 404 });
  expect(await call<unknown[]>(api, stranger.token, 'GET', '/rebases')).toMatchObject({ status: 200, body: [] });
  const cancelled = await api.ask('DELETE', path);
  expect(cancelled.body).toMatchObject({ status: 'cancelled', counts: { skipped: 1 } });
  expect(await api.ask('DELETE', path)).toMatchObject({ status: 409 });
});

test('a rebase that makes no sense is refused with the field', async () => {
  expect(await api.ask('POST', '/rebases', { wave_size: 0 })).toMatchObject({ status: 422 });
  expect(await api.ask('POST', '/rebases', { stacks: 'berth-13' })).toMatchObject({ status: 422 });
  expect(await api.ask('POST', '/rebases', { apps: ['no-such-app'] })).toMatchObject({ status: 404 });
  expect(await api.ask('GET', '/rebases/none')).toMatchObject({ status: 404 });
});
