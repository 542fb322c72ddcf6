// biome-ignore-all lint/suspicious/noExplicitAny: answers are read as a client reads JSON
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPerson, call, startTestApi, type TestApi } from './start-test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
}, 60_000);
afterAll(() => api?.stop());

describe('people', () => {
  test('see who they are', async () => {
    expect((await api.ask('GET', '/account')).body).toMatchObject({ email: api.admin.email, id: api.admin.userId });
    expect((await api.ask('GET', '/users/~')).body.id).toBe(api.admin.userId);
    expect((await api.ask('GET', '/account/features/any')).status).toBe(404);
  });

  test('add, list and remove SSH keys', async () => {
    const public_key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKVpn4iwqJCBvGbdDb1Yd6l8bD4yBNTGSQ2Gn6VjPOCM me@laptop';
    const added = await api.ask('POST', '/account/keys', { public_key });
    expect([added.status, added.body.comment, added.body.email]).toEqual([201, 'me@laptop', api.admin.email]);
    expect((await api.ask('GET', '/account/keys')).body).toEqual([
      expect.objectContaining({ public_key: expect.stringContaining('AAAAC3') }),
    ]);
    expect((await api.ask('DELETE', `/account/keys/${added.body.id}`)).status).toBe(200);
    expect((await api.ask('GET', '/account/keys')).body).toEqual([]);
    expect((await api.ask('POST', '/account/keys', { public_key: 'nonsense' })).status).toBe(422);
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
    expect((await api.ask('DELETE', `/oauth/authorizations/${made.body.id}`)).status).toBe(200);
    expect((await call(api, token, 'GET', '/account')).status).toBe(401);
  });

  test('cannot guess passwords', async () => {
    const wrong = `Basic ${Buffer.from('guess@example.com:wrong password').toString('base64')}`;
    const guess = () => call<any>(api, null, 'POST', '/oauth/authorizations', {}, { authorization: wrong });
    expect((await guess()).status).toBe(401);
    for (let n = 0; n < 10; n++) await guess();
    expect((await guess()).body.id).toBe('rate_limited');
  });

  test('cannot try one password on everybody', async () => {
    const guess = (user: number) => {
      const wrong = `Basic ${Buffer.from(`user-${user}@example.com:Spring-2026`).toString('base64')}`;
      return call<any>(api, null, 'POST', '/oauth/authorizations', {}, { authorization: wrong });
    };
    const answers = await Promise.all(Array.from({ length: 51 }, (_, user) => guess(user)));
    expect(answers.some(({ body }) => body.id === 'rate_limited')).toBe(true);
  });

  test('find nothing of another team, and are told when their role is too low', async () => {
    const { name } = await api.newApp('private');
    await api.ask('POST', '/teams', { name: 'others' });
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
    expect((await api.ask('POST', '/teams', { name: 'crew' })).body).toMatchObject({ name: 'crew', role: 'owner' });
    const invitation = await api.ask('POST', '/teams/crew/invitations', { role: 'member' });
    expect(invitation.status).toBe(201);
    const accepted = await call<any>(api, null, 'POST', `/invitations/${invitation.body.secret}/accept`, {
      name: 'New',
      email: 'new@example.com',
      password: 'a long enough password',
    });
    expect(accepted.status, JSON.stringify(accepted.body)).toBe(201);
    const members = () => api.ask('GET', '/teams/crew/members');
    expect((await members()).body.map((one: any) => [one.email, one.role])).toContainEqual([
      'new@example.com',
      'member',
    ]);
    await api.ask('PATCH', '/teams/crew/members/new@example.com', { role: 'viewer' });
    expect((await members()).body.map((one: any) => [one.email, one.role])).toContainEqual([
      'new@example.com',
      'viewer',
    ]);
    await api.ask('DELETE', '/teams/crew/members/new@example.com');
    expect((await members()).body).toHaveLength(1);
  });
});
