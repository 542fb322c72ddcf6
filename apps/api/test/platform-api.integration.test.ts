// biome-ignore-all lint/suspicious/noExplicitAny: answers are read as a client reads JSON
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedDeploy } from './seed-deploy.js';
import { addPerson, call, startTestApi, type TestApi } from './start-test-api.js';

let api: TestApi;
const ask = <T = any>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  call<T>(api, api.admin.token, method, path, body, headers);

beforeAll(async () => {
  api = await startTestApi();
}, 60_000);
afterAll(() => api?.stop());

async function newApp(name: string): Promise<{ id: string; name: string }> {
  const { status, body } = await ask('POST', '/apps', { name });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

describe('apps', () => {
  test('answer every field whose absence crashes the Heroku CLI', async () => {
    const { name, id } = await newApp('fields');
    const { body } = await ask('GET', `/apps/${name}`);
    expect(body).toMatchObject({
      id,
      name,
      create_status: 'complete',
      repo_size: null,
      slug_size: null,
      owner: { email: api.admin.email, id: expect.any(String) },
      region: { name: expect.any(String), id: expect.any(String) },
      stack: { name: 'berth-13' },
      build_stack: { name: 'berth-13' },
      git_url: 'https://localhost:5000/fields.git',
      web_url: 'http://fields.localhost:8080/',
      maintenance: false,
      team: { name: 'default' },
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  test('are found by name and id, listed, and made with a random name', async () => {
    const { name, id } = await newApp('by-id');
    expect((await ask('GET', `/apps/${id}`)).body.name).toBe(name);
    const made = await ask('POST', '/apps', {});
    expect(made.body.name).toMatch(/^[a-z]+-[a-z]+-\d+$/);
    for (const path of ['/apps', '/users/~/apps', '/teams/default/apps']) {
      const names = (await ask('GET', path)).body.map((app: { name: string }) => app.name);
      expect(names).toEqual(expect.arrayContaining([name, made.body.name]));
    }
  });

  test('refuse a taken and an impossible name with one sentence', async () => {
    await newApp('taken');
    const taken = await ask('POST', '/apps', { name: 'taken' });
    expect([taken.status, taken.body.id]).toEqual([409, 'conflict']);
    const wrong = await ask('POST', '/apps', { name: 'No Name' });
    expect([wrong.status, wrong.body.id]).toEqual([422, 'invalid_params']);
    expect(wrong.body.message).toMatch(/^Name must start with a letter.*\.$/);
  });

  test('are in maintenance when asked', async () => {
    const { name } = await newApp('maintained');
    expect((await ask('PATCH', `/apps/${name}`, { maintenance: true })).body.maintenance).toBe(true);
    expect((await ask('GET', `/apps/${name}`)).body.maintenance).toBe(true);
    expect((await ask('PATCH', `/apps/${name}`, { maintenance: 'yes' })).status).toBe(422);
  });

  test('are gone when destroyed', async () => {
    const { name } = await newApp('shortlived');
    expect((await ask('DELETE', `/apps/${name}`)).body.name).toBe(name);
    const gone = await ask('GET', `/apps/${name}`);
    expect([gone.status, gone.body.id, gone.body.resource]).toEqual([404, 'not_found', 'app']);
  });

  test('say what of Heroku they have none of', async () => {
    const { name } = await newApp('extras');
    for (const part of ['addons', 'features', 'buildpack-installations', 'sni-endpoints'])
      expect((await ask('GET', `/apps/${name}/${part}`)).body).toEqual([]);
    const coupling = await ask('GET', `/apps/${name}/pipeline-couplings`);
    expect([coupling.status, coupling.body.id]).toEqual([404, 'not_found']);
    expect((await ask('GET', `/apps/${name}/collaborators`)).body[0].user.email).toBe(api.admin.email);
    expect((await ask('GET', `/apps/${name}/domains`)).body[0]).toMatchObject({
      hostname: `${name}.localhost`,
      kind: 'heroku',
    });
  });
});

describe('config vars', () => {
  test('are set, read and unset; each change makes a release', async () => {
    const { name } = await newApp('configured');
    expect((await ask('PATCH', `/apps/${name}/config-vars`, { A: '1', B: 'two words' })).body).toEqual({
      A: '1',
      B: 'two words',
    });
    expect((await ask('PATCH', `/apps/${name}/config-vars`, { A: null })).body).toEqual({ B: 'two words' });
    expect((await ask('GET', `/apps/${name}/config-vars`)).body).toEqual({ B: 'two words' });
    const releases = await ask('GET', `/apps/${name}/releases`, undefined, { range: 'version ..; order=desc,max=1' });
    expect(releases.body).toHaveLength(1);
    const config = await ask('GET', `/apps/${name}/releases/${releases.body[0].version}/config-vars`);
    expect(config.body).toEqual({ B: 'two words' });
  });

  test('refuse a value that is no text and a key that no shell takes', async () => {
    const { name } = await newApp('misconfigured');
    expect((await ask('PATCH', `/apps/${name}/config-vars`, { A: 1 })).status).toBe(422);
    expect((await ask('PATCH', `/apps/${name}/config-vars`, { '1A': 'x' })).status).toBe(422);
  });
});

describe('an app that was deployed', () => {
  let app: { id: string; name: string };
  beforeAll(async () => {
    app = await newApp('deployed');
    const of = { appId: app.id, userId: api.admin.userId };
    await seedDeploy(api.platform, { ...of, version: 1, commit: 'a'.repeat(40) });
    await seedDeploy(api.platform, { ...of, version: 2, commit: 'b'.repeat(40) });
  });

  test('pages its releases by Range and Next-Range', async () => {
    const path = `/apps/${app.name}/releases`;
    const first = await ask('GET', path, undefined, { range: 'version ..; order=desc,max=1' });
    expect([first.status, first.body.map((release: { version: number }) => release.version)]).toEqual([206, [2]]);
    const next = first.headers.get('next-range') ?? '';
    const second = await ask('GET', path, undefined, { range: next });
    expect([second.status, second.body.map((release: { version: number }) => release.version)]).toEqual([200, [1]]);
  });

  test('shows one release by version, with a v and by id', async () => {
    const { body } = await ask('GET', `/apps/${app.name}/releases/2`);
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
    expect((await ask('GET', `/apps/${app.name}/releases/v2`)).body.id).toBe(body.id);
    expect((await ask('GET', `/apps/${app.name}/releases/${body.id}`)).body.version).toBe(2);
    expect((await ask('GET', `/apps/${app.name}/releases/99`)).status).toBe(404);
  });

  test('gives the output of its release phase without a token at a signed address', async () => {
    const { body } = await ask('GET', `/apps/${app.name}/releases/2`);
    const response = await fetch(body.output_stream_url);
    expect(await response.text()).toBe('Migrated to 2\n');
    expect((await fetch(`${body.output_stream_url}x`)).status).toBe(404);
  });

  test('shows dynos and formation as the CLI reads them', async () => {
    const dynos = (await ask('GET', `/apps/${app.name}/dynos`)).body;
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
    expect((await ask('GET', `/apps/${app.name}/dynos/web.1`)).body.id).toBe(dynos[0].id);
    const formation = (await ask('GET', `/apps/${app.name}/formation`)).body;
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
    const { body } = await ask('PATCH', `/apps/${app.name}/formation`, { updates });
    expect(body.map((one: any) => [one.type, one.quantity, one.size])).toEqual([
      ['web', 2, 'Standard-1X'],
      ['worker', 1, 'Standard-2X'],
    ]);
    expect((await ask('PATCH', `/apps/${app.name}/formation/web`, { quantity: 1 })).body.quantity).toBe(1);
    expect(
      (await ask('PATCH', `/apps/${app.name}/formation`, { updates: [{ type: 'web', quantity: 'many' }] })).status,
    ).toBe(422);
    expect(
      (await ask('PATCH', `/apps/${app.name}/formation`, { updates: [{ type: 'none', quantity: 1 }] })).status,
    ).toBe(404);
  });

  test('restarts one dyno, one type and all', async () => {
    expect((await ask('DELETE', `/apps/${app.name}/dynos/web.1`)).status).toBe(202);
    expect((await ask('DELETE', `/apps/${app.name}/dynos`)).status).toBe(202);
    expect((await ask('DELETE', `/apps/${app.name}/dynos/none.1`)).status).toBe(404);
    expect((await ask('POST', `/apps/${app.name}/dynos/none.1/actions/stop`)).status).toBe(404);
  });

  test('shows builds, and the steps and events of its own', async () => {
    const builds = (await ask('GET', `/apps/${app.name}/builds`)).body;
    expect(builds).toHaveLength(2);
    const build = (await ask('GET', `/apps/${app.name}/builds/${builds[0].id}`)).body;
    expect(build).toMatchObject({
      status: 'succeeded',
      source_blob: { version: expect.any(String) },
      stack: 'berth-13',
    });
    expect(await (await fetch(build.output_stream_url)).text()).toContain('Building');
    const steps = (await ask('GET', `/apps/${app.name}/steps`)).body;
    expect(steps.map((step: { name: string }) => step.name).sort()).toEqual(['install', 'release phase', 'switch']);
    const events = (await ask('GET', `/apps/${app.name}/events`)).body;
    expect(events.map((event: { name: string }) => event.name)).toContain('app.created');
    const last = events.at(-1).id;
    expect((await ask('GET', `/apps/${app.name}/events?after=${last}`)).body).toEqual([]);
  });

  test('rolls back to an earlier version', async () => {
    const { status, body } = await ask('POST', `/apps/${app.name}/releases`, { release: 'v1' });
    expect([status, body.version, body.description]).toEqual([201, 3, 'Rollback to v1']);
  });
});

describe('people', () => {
  test('see who they are', async () => {
    expect((await ask('GET', '/account')).body).toMatchObject({ email: api.admin.email, id: api.admin.userId });
    expect((await ask('GET', '/users/~')).body.id).toBe(api.admin.userId);
    expect((await ask('GET', '/account/features/any')).status).toBe(404);
  });

  test('add, list and remove SSH keys', async () => {
    const public_key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKVpn4iwqJCBvGbdDb1Yd6l8bD4yBNTGSQ2Gn6VjPOCM me@laptop';
    const added = await ask('POST', '/account/keys', { public_key });
    expect([added.status, added.body.comment, added.body.email]).toEqual([201, 'me@laptop', api.admin.email]);
    expect((await ask('GET', '/account/keys')).body).toEqual([
      expect.objectContaining({ public_key: expect.stringContaining('AAAAC3') }),
    ]);
    expect((await ask('DELETE', `/account/keys/${added.body.id}`)).status).toBe(200);
    expect((await ask('GET', '/account/keys')).body).toEqual([]);
    expect((await ask('POST', '/account/keys', { public_key: 'nonsense' })).status).toBe(422);
  });

  test('log in with e-mail and password for a token, and revoke it', async () => {
    const basic = `Basic ${Buffer.from(`${api.admin.email}:${api.admin.password}`).toString('base64')}`;
    const made = await call<any>(
      api,
      null,
      'POST',
      '/oauth/authorizations',
      { description: 'laptop', expires_in: 3600 },
      { authorization: basic },
    );
    expect([made.status, made.body.user.email, made.body.scope]).toEqual([201, api.admin.email, ['global']]);
    expect(made.body.access_token.expires_in).toBeGreaterThan(3500);
    const { token } = made.body.access_token;
    expect((await call(api, token, 'GET', '/account')).status).toBe(200);
    expect((await ask('DELETE', `/oauth/authorizations/${made.body.id}`)).status).toBe(200);
    expect((await call(api, token, 'GET', '/account')).status).toBe(401);
  });

  test('cannot guess passwords', async () => {
    const wrong = `Basic ${Buffer.from('guess@example.com:wrong password').toString('base64')}`;
    const guess = () => call<any>(api, null, 'POST', '/oauth/authorizations', {}, { authorization: wrong });
    expect((await guess()).status).toBe(401);
    for (let n = 0; n < 10; n++) await guess();
    expect((await guess()).body.id).toBe('rate_limited');
  });

  test('find nothing of another team, and are told when their role is too low', async () => {
    const { name } = await newApp('private');
    await ask('POST', '/teams', { name: 'others' });
    const stranger = await addPerson(api.platform, api.admin, {
      email: 'stranger@example.com',
      role: 'owner',
      team: 'others',
    });
    const viewer = await addPerson(api.platform, api.admin, { email: 'viewer@example.com', role: 'viewer' });
    for (const [method, path, body] of [
      ['GET', `/apps/${name}`],
      ['DELETE', `/apps/${name}`],
      ['GET', `/apps/${name}/config-vars`],
      ['PATCH', `/apps/${name}/config-vars`, { A: '1' }],
      ['GET', `/apps/${name}/releases`],
      ['GET', `/apps/${name}/dynos`],
      ['DELETE', `/apps/${name}/dynos`],
      ['GET', `/apps/${name}/builds`],
      ['GET', `/apps/${name}/events`],
      ['GET', `/apps/${name}/steps`],
      ['GET', `/apps/${name}/collaborators`],
      ['POST', `/apps/${name}/log-sessions`, {}],
      ['GET', '/teams/default/members'],
    ] as const)
      expect([method, path, (await call(api, stranger.token, method, path, body)).status]).toEqual([method, path, 404]);
    expect((await call<unknown[]>(api, stranger.token, 'GET', '/apps')).body).toEqual([]);
    const refused = await call<any>(api, viewer.token, 'PATCH', `/apps/${name}/config-vars`, { A: '1' });
    expect([refused.status, refused.body.id]).toEqual([403, 'forbidden']);
  });

  test('make teams, invite, and change roles', async () => {
    expect((await ask('POST', '/teams', { name: 'crew' })).body).toMatchObject({ name: 'crew', role: 'owner' });
    const invitation = await ask('POST', '/teams/crew/invitations', { role: 'member' });
    expect(invitation.status).toBe(201);
    const accepted = await call<any>(api, null, 'POST', `/invitations/${invitation.body.secret}/accept`, {
      name: 'New',
      email: 'new@example.com',
      password: 'a long enough password',
    });
    expect(accepted.status, JSON.stringify(accepted.body)).toBe(201);
    const members = () => ask('GET', '/teams/crew/members');
    expect((await members()).body.map((one: any) => [one.email, one.role])).toContainEqual([
      'new@example.com',
      'member',
    ]);
    await ask('PATCH', '/teams/crew/members/new@example.com', { role: 'viewer' });
    expect((await members()).body.map((one: any) => [one.email, one.role])).toContainEqual([
      'new@example.com',
      'viewer',
    ]);
    await ask('DELETE', '/teams/crew/members/new@example.com');
    expect((await members()).body).toHaveLength(1);
  });
});

describe('every request', () => {
  test('without a good token is answered 401', async () => {
    for (const token of [null, 'wrong']) {
      const { status, body } = await call<any>(api, token, 'GET', '/apps');
      expect([status, body]).toEqual([401, { id: 'unauthorized', message: 'Invalid credentials provided.' }]);
    }
    const basic = { authorization: `Basic ${Buffer.from(`:${api.admin.token}`).toString('base64')}` };
    expect((await call(api, null, 'GET', '/account', undefined, basic)).status).toBe(200);
  });

  test('to no route is told so, as JSON', async () => {
    const { status, body } = await ask('GET', '/nothing/here');
    expect([status, body.id]).toEqual([404, 'not_found']);
    expect(body.message).toContain('The requested API endpoint was not found');
  });

  test('with a body that is no JSON, or too large, is told so in a sentence', async () => {
    const send = (body: string) =>
      fetch(`${api.url}/apps`, {
        method: 'POST',
        headers: { authorization: `Bearer ${api.admin.token}`, 'content-type': 'application/json' },
        body,
      });
    expect((await send('{"name":')).status).toBe(400);
    const large = await send(JSON.stringify({ name: 'x'.repeat(2_000_000) }));
    expect([large.status, ((await large.json()) as any).id]).toEqual([413, 'bad_request']);
    expect((await send('')).status).toBe(201); // the CLI names JSON as the type of no body
  });

  test('carries an id', async () => {
    expect((await ask('GET', '/account')).headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('of a browser at / goes to the dashboard; /health answers', async () => {
    const root = await call(api, null, 'GET', '/', undefined, { accept: 'text/html' });
    expect([root.status, root.headers.get('location')]).toEqual([302, 'http://dashboard.localhost:5000']);
    expect((await fetch(`${api.url}/health`)).status).toBe(200);
  });
});
