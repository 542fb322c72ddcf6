// biome-ignore-all lint/suspicious/noExplicitAny: answers are read as a client reads JSON

import { acquireLease } from '@berth/jobs/lease';
import { releasePromoted } from '@berth/platform/promotions/release-promoted';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedDeploy } from './seed-deploy.js';
import { addPerson, call, startTestApi, type TestApi } from './start-test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
}, 60_000);
afterAll(() => api.stop());

interface Named {
  id: string;
  name: string;
}

describe('the stable environments of a team', () => {
  const path = '/teams/default/environments';

  test('are listed in their order with their policy, and changed part by part', async () => {
    const { body } = await api.ask('GET', path);
    expect(body.map(({ name }: Named) => name)).toEqual(['daily', 'qa', 'pre', 'production']);
    expect(body[3]).toMatchObject({
      position: 3,
      kind: 'stable',
      registry: 'dev',
      policy: { approvals: 1, freeze: null },
    });
    const windows = [{ days: ['mon'], from: '09:00', to: '17:00', time_zone: 'Europe/Berlin' }];
    const changed = await api.ask('PATCH', `${path}/qa`, {
      policy: { windows, deploy_role: 'admin' },
      kept_days: 30,
      kept_lines: 500,
    });
    expect(changed.body).toMatchObject({
      kept_days: 30,
      kept_lines: 500,
      policy: { windows, deploy_role: 'admin', approvals: 0 },
    });
    const wrong = await api.ask('PATCH', `${path}/qa`, { policy: { windows: [{ ...windows[0], time_zone: 'Mars' }] } });
    expect(wrong).toMatchObject({ status: 422, body: { id: 'invalid_params' } });
    expect(wrong.body.message).toContain('Europe/Berlin');
    expect((await api.ask('PATCH', `${path}/qa`, { kept_lines: 1_000_000 })).body.id).toBe('invalid_params');
    await api.ask('PATCH', `${path}/qa`, { policy: { windows: [], deploy_role: 'member' } });
  });

  test('are added, renamed and deleted; the production registry must be there', async () => {
    expect((await api.ask('POST', path, { name: 'load', policy: { approvals: 2 } })).body).toMatchObject({
      ...{ name: 'load', position: 3, policy: { approvals: 2 } },
    });
    expect((await api.ask('PATCH', `${path}/load`, { name: 'stress', position: 0 })).body.position).toBe(0);
    expect((await api.ask('DELETE', `${path}/stress`)).status).toBe(200);
    expect((await api.ask('GET', `${path}/stress`)).status).toBe(404);
    expect((await api.ask('PATCH', `${path}/qa`, { registry: 'production' })).body.id).toBe('unsupported');
  });
});

describe('pipelines, as the CLI asks for them', () => {
  const newPipeline = async (name: string, apps: 'all' | string[] = 'all') =>
    (await api.ask('POST', '/pipelines', { name, apps })).body;
  const couplings = async (pipeline: string) =>
    (await api.ask('GET', `/pipelines/${pipeline}/pipeline-couplings`)).body;

  test('are made, found by name, renamed and destroyed', async () => {
    const owner = { id: api.admin.userId, type: 'user' };
    const made = await api.ask('POST', '/pipelines', { name: 'shop', owner });
    expect(made).toMatchObject({ status: 201, body: { name: 'shop', team: { name: 'default' }, apps: [] } });
    const found = await api.ask('GET', `/pipelines?${encodeURIComponent('eq[name]')}=shop`);
    expect(found.body.map(({ id }: Named) => id)).toEqual([made.body.id]);
    expect((await api.ask('GET', `/pipelines?${encodeURIComponent('eq[name]')}=nothing`)).body).toEqual([]);
    expect((await api.ask('PATCH', `/pipelines/${made.body.id}`, { name: 'store' })).body.name).toBe('store');
    expect((await api.ask('DELETE', `/pipelines/${made.body.id}`, {})).status).toBe(200);
    expect(await api.ask('GET', `/pipelines/${made.body.id}`)).toMatchObject({
      status: 404,
      body: { resource: 'pipeline' },
    });
  });

  test('couple apps at a stage, move them, tell their place, and let them go', async () => {
    const { id } = await newPipeline('cart', []);
    const app = await api.newApp('cart-one');
    const body = { app: 'cart-one', pipeline: id, stage: 'staging' };
    const made = await api.ask('POST', '/pipeline-couplings', body);
    expect(made).toMatchObject({ status: 201, body: { id: app.id, stage: 'staging', environment: { name: 'qa' } } });
    expect((await api.ask('GET', '/apps/cart-one/pipeline-couplings')).body).toMatchObject({
      pipeline: { id, name: 'cart' },
    });
    const moved = await api.ask('PATCH', `/pipeline-couplings/${app.id}`, { stage: 'development' });
    expect(moved.body).toMatchObject({ stage: 'development', environment: { name: 'daily' } });
    const apps = await api.ask('POST', '/filters/apps', { in: { id: [app.id] } }, { range: 'id ..; max=1000;' });
    expect(apps.body).toMatchObject([{ name: 'cart-one', environment: { name: 'daily' } }]);
    expect((await api.ask('DELETE', `/pipeline-couplings/${app.id}`)).status).toBe(200);
    expect(await api.ask('GET', '/apps/cart-one/pipeline-couplings')).toMatchObject({
      ...{ status: 404, body: { resource: 'pipeline_coupling' } },
    });
  });

  test('make the app of one environment', async () => {
    const { id } = await newPipeline('mail', []);
    const made = await api.ask('POST', `/pipelines/${id}/apps`, { environment: 'production' });
    expect(made).toMatchObject({ status: 201, body: { name: 'mail', environment: { name: 'production' } } });
    expect((await couplings(id)).map(({ stage }: { stage: string }) => stage)).toEqual(['production']);
  });
});

describe('promotions', () => {
  const commit = (letter: string) => letter.repeat(40);
  const promote = (pipeline: string, source: string, targets: string[], token = api.admin.token) =>
    call<any>(api, token, 'POST', '/pipeline-promotions', {
      ...{ pipeline: { id: pipeline }, source: { app: { id: source } } },
      targets: targets.map((id) => ({ app: { id } })),
    });
  const work = async (promotionId: string) => {
    const { platform } = api;
    const lease = await acquireLease(platform.db, `promotion:${promotionId}`, 'test', 60_000);
    if (lease) await releasePromoted(platform, { promotionId, lease });
  };
  const live = async (name: string) => {
    const { body } = await api.ask('POST', '/pipelines', { name, apps: 'all' });
    const [daily, qa, pre, production] = body.apps as Named[];
    const seeded = { appId: daily!.id, userId: api.admin.userId };
    await seedDeploy(api.platform, { ...seeded, version: 1, commit: commit('a') });
    return { id: body.id as string, seeded, daily: daily!, qa: qa!, pre: pre!, production: production! };
  };

  test('go from the first stage to the next of those that the CLI calls staging', async () => {
    const { id, daily, qa, pre, production } = await live('users');
    const made = await promote(id, daily.id, [qa.id, pre.id]);
    expect(made).toMatchObject({
      ...{ status: 201, body: { status: 'pending', state: 'running', target: { app: { id: qa.id } } } },
    });
    const targets = async () => (await api.ask('GET', `/pipeline-promotions/${made.body.id}/promotion-targets`)).body;
    expect(await targets()).toMatchObject([{ app: { id: qa.id }, status: 'pending', release: null }]);
    await work(made.body.id);
    const [target] = await targets();
    const release = (await api.ask('GET', `/apps/${qa.name}/releases/${target.release.id}`)).body;
    expect(release).toMatchObject({ version: 1, description: `Promote ${daily.name} v1 ${commit('a').slice(0, 8)}` });
    expect((await promote(id, daily.id, [qa.id, production.id])).body.message).toContain('one stage on');
    expect((await promote(id, daily.id, [production.id])).body.message).toContain(`${qa.name} comes before`);
  });

  test('to production are told as waiting, and run once a second person approves', async () => {
    const { id, production, seeded, pre } = await live('stock');
    await seedDeploy(api.platform, { ...seeded, appId: pre.id, version: 1, commit: commit('b') });
    const { body } = await promote(id, pre.id, [production.id]);
    const path = `/pipeline-promotions/${body.id}`;
    const [waiting] = (await api.ask('GET', `${path}/promotion-targets`)).body;
    expect(waiting).toMatchObject({
      status: 'failed',
      error_message: expect.stringContaining('approval of a second person'),
    });
    expect((await api.ask('POST', `${path}/approve`)).status).toBe(403);
    const second = await addPerson(api.platform, api.admin, { email: 'second@example.com', role: 'member' });
    const approved = await call<any>(api, second.token, 'POST', `${path}/approve`, { comment: 'fine' });
    expect(approved.body).toMatchObject({ state: 'running', approvals: [{ approved: true, comment: 'fine' }] });
    const history = await api.ask('GET', `/pipelines/${id}/promotions`);
    expect(history.body).toMatchObject([
      { id: body.id, user: { email: api.admin.email }, target: { environment: 'production' } },
    ]);
    const stranger = await addPerson(api.platform, api.admin, { email: 'viewer@example.com', role: 'viewer' });
    expect((await call(api, stranger.token, 'POST', `${path}/cancel`)).status).toBe(403);
    expect((await api.ask('POST', `${path}/cancel`)).body.state).toBe('cancelled');
  });

  test('are shown before: commits, config by name, processes', async () => {
    const { daily, qa, seeded } = await live('orders');
    await seedDeploy(api.platform, { ...seeded, appId: qa.id, version: 1, commit: commit('c') });
    await seedDeploy(api.platform, { ...seeded, version: 2, commit: commit('d') });
    await api.ask('PATCH', `/apps/${qa.name}/config-vars`, { ONLY_QA: 'secret' });
    const path = `/pipeline-promotions/diff?source=${daily.name}&target=${qa.name}`;
    const { body } = await api.ask('GET', path);
    expect(body).toMatchObject({
      image: { from: { commit: commit('c') }, to: { commit: commit('d') } },
      commits: [{ commit: commit('d'), message: 'Commit 2' }],
      ...{ is_older: false, processes: [], dependencies: null },
    });
    expect(body.config).toMatchObject([{ key: 'ONLY_QA', kind: 'only in from', from: 'secret', to: null }]);
    const viewer = await addPerson(api.platform, api.admin, { email: 'looks@example.com', role: 'viewer' });
    const seen = await call<any>(api, viewer.token, 'GET', path);
    expect(JSON.stringify(seen.body)).not.toContain('"secret"');
    expect((await api.ask('GET', '/pipeline-promotions/diff?source=orders')).status).toBe(422);
  });
});
