// biome-ignore-all lint/suspicious/noExplicitAny: answers are read as a client reads JSON
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedDeploy } from './seed-deploy.js';
import { startTestApi, type TestApi } from './start-test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
}, 60_000);
afterAll(() => api?.stop());

describe('an app that was deployed', () => {
  let app: { id: string; name: string };
  beforeAll(async () => {
    app = await api.newApp('deployed');
    const of = { appId: app.id, userId: api.admin.userId };
    await seedDeploy(api.platform, { ...of, version: 1, commit: 'a'.repeat(40) });
    await seedDeploy(api.platform, { ...of, version: 2, commit: 'b'.repeat(40) });
  });

  test('pages its releases by Range and Next-Range', async () => {
    const path = `/apps/${app.name}/releases`;
    const first = await api.ask('GET', path, undefined, { range: 'version ..; order=desc,max=1' });
    expect([first.status, first.body.map((release: { version: number }) => release.version)]).toEqual([206, [2]]);
    const next = first.headers.get('next-range') ?? '';
    const second = await api.ask('GET', path, undefined, { range: next });
    expect([second.status, second.body.map((release: { version: number }) => release.version)]).toEqual([200, [1]]);
  });

  test('shows one release by version, with a v and by id', async () => {
    const { body } = await api.ask('GET', `/apps/${app.name}/releases/2`);
    expect(body).toMatchObject({
      version: 2,
      status: 'succeeded',
      current: true,
      eligible_for_rollback: expect.any(Boolean),
      description: expect.stringContaining('Deploy'),
      user: { email: api.admin.email },
      slug: { id: expect.any(String) },
      output_stream_url: expect.stringContaining('/streams/output/'),
    });
    expect((await api.ask('GET', `/apps/${app.name}/releases/v2`)).body.id).toBe(body.id);
    expect((await api.ask('GET', `/apps/${app.name}/releases/${body.id}`)).body.version).toBe(2);
    expect((await api.ask('GET', `/apps/${app.name}/releases/99`)).status).toBe(404);
  });

  test('gives the output of its release phase without a token at a signed address', async () => {
    const { body } = await api.ask('GET', `/apps/${app.name}/releases/2`);
    const response = await fetch(body.output_stream_url);
    expect(await response.text()).toBe('Migrated to 2\n');
    expect((await fetch(`${body.output_stream_url}x`)).status).toBe(404);
  });

  test('shows dynos and formation as the CLI reads them', async () => {
    const dynos = (await api.ask('GET', `/apps/${app.name}/dynos`)).body;
    expect(dynos).toEqual([
      expect.objectContaining({
        name: 'web.1',
        type: 'web',
        state: 'up',
        size: 'Standard-1X',
        command: 'node server.js',
      }),
    ]);
    expect(dynos[0].release).toEqual({ version: 2, id: expect.any(String) });
    expect((await api.ask('GET', `/apps/${app.name}/dynos/web.1`)).body.id).toBe(dynos[0].id);
    const formation = (await api.ask('GET', `/apps/${app.name}/formation`)).body;
    expect(formation.map((one: { type: string; quantity: number }) => [one.type, one.quantity])).toEqual([
      ['web', 1],
      ['worker', 0],
    ]);
  });

  test('is scaled by numbers and steps, as text', async () => {
    const updates = [
      { type: 'web', quantity: '2' },
      { type: 'worker', quantity: '+1', size: 'standard-2x' },
    ];
    const { body } = await api.ask('PATCH', `/apps/${app.name}/formation`, { updates });
    expect(body.map((one: any) => [one.type, one.quantity, one.size])).toEqual([
      ['web', 2, 'Standard-1X'],
      ['worker', 1, 'Standard-2X'],
    ]);
    expect((await api.ask('PATCH', `/apps/${app.name}/formation/web`, { quantity: 1 })).body.quantity).toBe(1);
    expect(
      (await api.ask('PATCH', `/apps/${app.name}/formation`, { updates: [{ type: 'web', quantity: 'many' }] })).status,
    ).toBe(422);
    expect(
      (await api.ask('PATCH', `/apps/${app.name}/formation`, { updates: [{ type: 'none', quantity: 1 }] })).status,
    ).toBe(404);
  });

  test('restarts one dyno, one type and all', async () => {
    expect((await api.ask('DELETE', `/apps/${app.name}/dynos/web.1`)).status).toBe(202);
    expect((await api.ask('DELETE', `/apps/${app.name}/dynos`)).status).toBe(202);
    expect((await api.ask('DELETE', `/apps/${app.name}/dynos/none.1`)).status).toBe(404);
    expect((await api.ask('POST', `/apps/${app.name}/dynos/none.1/actions/stop`)).status).toBe(404);
  });

  test('shows builds, and the steps and events of its own', async () => {
    const builds = (await api.ask('GET', `/apps/${app.name}/builds`)).body;
    expect(builds).toHaveLength(2);
    const build = (await api.ask('GET', `/apps/${app.name}/builds/${builds[0].id}`)).body;
    expect(build).toMatchObject({
      status: 'succeeded',
      source_blob: { version: expect.any(String) },
      stack: 'berth-13',
    });
    expect(await (await fetch(build.output_stream_url)).text()).toContain('Building');
    const steps = (await api.ask('GET', `/apps/${app.name}/steps`)).body;
    expect(steps.map((step: { name: string }) => step.name).sort()).toEqual(['install', 'release phase', 'switch']);
    const events = (await api.ask('GET', `/apps/${app.name}/events`)).body;
    expect(events.map((event: { name: string }) => event.name)).toContain('app.created');
    const last = events.at(-1).id;
    expect((await api.ask('GET', `/apps/${app.name}/events?after=${last}`)).body).toEqual([]);
  });

  test('rolls back to an earlier version', async () => {
    const { status, body } = await api.ask('POST', `/apps/${app.name}/releases`, { release: 'v1' });
    expect([status, body.version, body.description]).toEqual([201, 3, 'Rollback to v1']);
  });
});
