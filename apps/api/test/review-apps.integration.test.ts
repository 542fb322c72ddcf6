import { createTeam } from '@berth/platform/teams/create-team';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newServices } from './new-services.js';
import { addPerson, call, startTestApi, type TestApi } from './start-test-api.js';

const noCommit = '0'.repeat(40);
const commit = 'a'.repeat(40);

let api: TestApi;
let appId = '';
let pipelineId = '';
beforeAll(async () => {
  api = await startTestApi();
  [appId = ''] = await newServices(api, ['cart']);
  ({ id: pipelineId } = (await api.ask('GET', '/pipelines/cart')).body);
});
afterAll(() => api.stop());

/** What apps/git writes of a push that it has stored. */
const store = (branch: string, newSha = commit) =>
  api.platform.db.push.create({
    data: {
      ...{ appId, userId: api.admin.userId, ref: `refs/heads/${branch}`, oldSha: noCommit, newSha },
      ...{ refWanted: true, refAppliedAt: new Date() },
    },
  });
const source = { source_blob: { url: 'resolve', version: null } };
const config = '/pipelines/cart/review-app-config';

describe('what is said of a pipeline’s review apps', () => {
  test('is not there until they are enabled, changes part by part, and goes again', async () => {
    for (const [method, body] of [['GET'], ['DELETE'], ['PATCH', { automatic_review_apps: false }]] as const)
      expect([method, (await api.ask(method, config, body)).status]).toEqual([method, 404]);
    const enabled = await api.ask('POST', config, { pipeline: pipelineId, repo: 'default/cart' });
    expect(enabled.status).toBe(201);
    expect(enabled.body).toMatchObject({
      ...{ pipeline_id: pipelineId, automatic_review_apps: false, destroy_stale_apps: false, stale_days: null },
      repo: { full_name: 'default/cart' },
    });
    const change = async (body: unknown) => (await api.ask('PATCH', config, body)).body;
    expect(await change({ automatic_review_apps: true })).toMatchObject({ stale_days: null });
    expect(await change({ destroy_stale_apps: true })).toMatchObject({ automatic_review_apps: true, stale_days: 5 });
    expect(await change({ stale_days: 2 })).toMatchObject({ destroy_stale_apps: true, stale_days: 2 });
    expect(await change({ destroy_stale_apps: false })).toMatchObject({ destroy_stale_apps: false, stale_days: null });
    expect((await api.ask('GET', config)).body).toMatchObject({ automatic_review_apps: true });
    expect((await api.ask('DELETE', config)).status).toBe(200);
    expect((await api.ask('GET', config)).status).toBe(404);
  });

  test('a change that asks for some enables them: the CLI sends nothing else', async () => {
    expect((await api.ask('PATCH', config, { automatic_review_apps: true })).status).toBe(200);
    await api.ask('DELETE', config);
  });

  test('what Berth has not is refused in a sentence', async () => {
    const refused = async (body: unknown) => {
      const { status, body: said } = await api.ask('POST', config, body);
      return [status, said.message];
    };
    expect(await refused({ wait_for_ci: true })).toEqual([422, 'Berth runs no CI that a review app could wait for.']);
    expect(await refused({ repo: 'shop/cart' })).toEqual([
      422,
      'Berth fetches nothing: review apps of cart come from default/cart.',
    ]);
    expect(await refused({ destroy_stale_apps: true, stale_days: 31 })).toEqual([
      422,
      'Stale review apps go after 1 to 30 days.',
    ]);
    expect((await refused({ deploy_target: { id: 'us', type: 'region' } }))[0]).toBe(422);
    expect((await api.ask('GET', config)).status).toBe(404);
  });
});

test('the CLI learns that the repository is the pipeline’s own git remote, and which branches it has', async () => {
  const feature = await api.ask('GET', '/account/features/dashboard-repositories-api');
  expect(feature.body).toMatchObject({ enabled: true });
  expect((await api.ask('GET', '/pipelines/cart/repo')).body).toMatchObject({
    ...{ id: pipelineId, full_name: 'default/cart', git_url: 'https://localhost:5000/default/cart.git' },
  });
  await store('feature/new');
  await store('gone');
  await store('gone', noCommit);
  const branch = (name: string) => api.ask('GET', `/pipelines/cart/repo/branches/${encodeURIComponent(name)}`);
  expect((await branch('feature/new')).body).toEqual({ name: 'feature/new', commit: { sha: commit } });
  for (const none of ['gone', 'never']) expect((await branch(none)).status).toBe(404);
});

test('a review app is a project environment of the pipeline’s service alone', async () => {
  const make = (branch: string, more: object = {}) =>
    api.ask('POST', '/review-apps', { branch, pipeline: pipelineId, ...source, ...more });
  expect((await make('red')).body.message).toContain('Review apps of cart are not enabled');
  await api.ask('POST', config, {});
  const { status, body } = await make('red', { pr_number: null });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    ...{ branch: 'red', status: 'pending', message: null, wait_for_ci: false, creator: { email: api.admin.email } },
    ...{ app: { name: 'cart--cart-red' }, environment: { name: 'cart-red' }, pipeline: { id: pipelineId } },
  });
  const { id } = body;
  expect((await api.ask('GET', `/review-apps/${id}`)).body).toEqual(body);
  expect((await api.ask('GET', '/apps/cart--cart-red/review-app')).body).toEqual(body);
  expect((await api.ask('GET', '/pipelines/cart/review-apps')).body).toEqual([body]);
  const hours = (Date.parse(body.expires_at) - Date.parse(body.created_at)) / 3_600_000;
  expect(hours).toBeCloseTo(30 * 24, 1);

  await api.platform.db.projectService.updateMany({
    data: { status: 'failed', errorMessage: 'It has no branch red.' },
  });
  expect((await api.ask('GET', `/review-apps/${id}`)).body).toMatchObject({
    ...{ status: 'errored', message: 'It has no branch red.', error_status: 'It has no branch red.' },
  });
  expect((await make('red')).status).toBe(409);
  expect((await api.ask('DELETE', `/review-apps/${id}`)).body).toMatchObject({ id, status: 'deleting' });
  expect((await api.ask('GET', `/review-apps/${id}`)).status).toBe(404);
  expect((await api.ask('GET', '/pipelines/cart/review-apps')).body).toEqual([]);
  await api.ask('DELETE', config);
});

test('an environment of several services, a stable one’s app, and a foreign source are none', async () => {
  await newServices(api, ['stock']);
  await api.ask('POST', config, {});
  const both = {
    name: 'both',
    base: 'production',
    services: ['cart', 'stock'].map((service) => ({ service, branch: 'b' })),
  };
  expect((await api.ask('POST', '/environments', both)).status).toBe(201);
  for (const path of ['/apps/cart/review-app', '/apps/cart--both/review-app', '/review-apps/both', '/review-apps/none'])
    expect([path, (await api.ask('GET', path)).status]).toEqual([path, 404]);
  expect((await api.ask('GET', '/pipelines/cart/review-apps')).body).toEqual([]);
  const asked = { branch: 'x', pipeline: 'cart', ...source };
  for (const wrong of [
    { ...asked, source_blob: { url: 'https://example.com/x.tgz' } },
    { ...asked, fork_repo_id: 7 },
    { ...asked, environment: { A: '1' } },
    { ...asked, branch: 'a b' },
    { branch: 'x', pipeline: 'cart' },
  ])
    expect([wrong, (await api.ask('POST', '/review-apps', wrong)).status]).toEqual([wrong, 422]);
  expect((await api.ask('POST', '/review-apps', { ...asked, pipeline: 'none' })).status).toBe(404);
  await api.ask('DELETE', config);
});

test('admins enable them, members make them and destroy their own, viewers look, other teams see none', async () => {
  const by = api.admin;
  const [member, other, viewer] = await Promise.all(
    (['member', 'member', 'viewer'] as const).map((role, index) =>
      addPerson(api.platform, by, { email: `${role}-${index}@example.com`, role }),
    ),
  );
  const stranger = await addPerson(api.platform, by, { email: 'stranger@example.com', role: 'viewer' });
  await api.platform.db.membership.deleteMany({ where: { userId: stranger.userId } });
  await createTeam(api.platform, { actor: stranger, name: 'others' });
  const status = async (person: { token: string } | undefined, method: string, path: string, body?: unknown) =>
    (await call(api, person?.token ?? '', method, path, body)).status;
  expect(await status(member, 'POST', config, {})).toBe(403);
  expect(await status(stranger, 'POST', config, {})).toBe(404);
  await api.ask('POST', config, {});
  expect(await status(member, 'DELETE', config)).toBe(403);
  expect(await status(viewer, 'GET', config)).toBe(200);
  const wish = { branch: 'mine', pipeline: pipelineId, ...source };
  expect(await status(viewer, 'POST', '/review-apps', wish)).toBe(403);
  expect(await status(stranger, 'POST', '/review-apps', wish)).toBe(404);
  const made = await call<{ id: string }>(api, member?.token ?? '', 'POST', '/review-apps', wish);
  const path = `/review-apps/${made.body.id}`;
  expect(await status(viewer, 'GET', path)).toBe(200);
  for (const asked of [path, '/pipelines/cart/review-apps', '/pipelines/cart/repo', config])
    expect([asked, await status(stranger, 'GET', asked)]).toEqual([asked, 404]);
  expect(await status(other, 'DELETE', path)).toBe(403);
  expect(await status(stranger, 'DELETE', path)).toBe(404);
  expect(await status(member, 'DELETE', path)).toBe(200);
});
