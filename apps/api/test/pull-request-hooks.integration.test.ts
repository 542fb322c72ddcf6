import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newServices } from './new-services.js';
import { addPerson, startTestApi, type TestApi } from './start-test-api.js';

let api: TestApi;
let secret = '';
beforeAll(async () => {
  api = await startTestApi();
  await newServices(api, ['cart', 'orders']);
});
afterAll(() => api.stop());
beforeEach(async () => {
  const { body } = await api.ask('PUT', '/teams/default/pull-request-hook', { base: 'production', ttl_hours: 24 });
  expect(body).toMatchObject({ pattern: '{branch}', path: '/hooks/pull-request/default', until_merged: true });
  secret = body.secret;
});

interface News {
  action: string;
  branch: string;
  service?: string;
  from?: string;
}

/** As GitHub delivers it. */
async function deliver({ action, branch, service = 'Cart', from = `shop/${service}` }: News, signed?: string) {
  const body = JSON.stringify({
    ...{ action, number: 7, repository: { name: service, full_name: `shop/${service}` } },
    pull_request: { head: { ref: branch, repo: { name: service, full_name: from } } },
  });
  const signature = `sha256=${createHmac('sha256', signed ?? secret)
    .update(body)
    .digest('hex')}`;
  const answer = await fetch(`${api.url}/hooks/pull-request/default`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'pull_request',
      'x-hub-signature-256': signature,
    },
    body,
  });
  return { status: answer.status, body: (await answer.json()) as { outcome: string; environment?: string } };
}
const servicesOf = async (name: string) => {
  const { status, body } = await api.ask('GET', `/environments/${name}`);
  return status === 200 ? body.services.map((one: { service: string }) => one.service) : undefined;
};

describe('a pull request', () => {
  test('gets an environment with its branch, and takes it along when it is closed', async () => {
    const opened = await deliver({ action: 'opened', branch: 'Feature/Red' });
    expect(opened).toEqual({ status: 200, body: { outcome: 'made', environment: 'feature-red' } });
    const { body } = await api.ask('GET', '/environments/feature-red');
    expect(body).toMatchObject({ status: 'pending', services: [{ service: 'cart', branch: 'Feature/Red' }] });
    expect((await deliver({ action: 'opened', branch: 'Feature/Red' })).body.outcome).toBe('nothing');
    expect((await deliver({ action: 'synchronize', branch: 'Feature/Red' })).body.outcome).toBe('nothing');
    expect((await deliver({ action: 'closed', branch: 'Feature/Red' })).body.outcome).toBe('destroyed');
    expect(await servicesOf('feature-red')).toBeUndefined();
    expect((await deliver({ action: 'closed', branch: 'Feature/Red' })).body.outcome).toBe('nothing');
  });

  test('gets one that goes when it is merged, unless the hook says otherwise, and that members extend and destroy', async () => {
    await deliver({ action: 'opened', branch: 'brown' });
    const { body } = await api.ask('GET', '/environments/brown');
    expect(body).toMatchObject({ owner: { id: api.admin.userId }, until_merged: true });
    const member = await addPerson(api.platform, api.admin, { email: 'may@example.com', role: 'member' });
    const viewer = await addPerson(api.platform, api.admin, { email: 'see@example.com', role: 'viewer' });
    const as = (token: string, method: string, path: string, sent?: unknown) =>
      fetch(`${api.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(sent ? { 'content-type': 'application/json' } : {}) },
        ...(sent ? { body: JSON.stringify(sent) } : {}),
      }).then(({ status }) => status);
    expect(await as(viewer.token, 'POST', '/environments/brown/extend', { hours: 1 })).toBe(403);
    expect(await as(member.token, 'POST', '/environments/brown/extend', { hours: 1 })).toBe(200);
    await api.ask('POST', '/environments', {
      ...{ name: 'mine', base: 'production' },
      services: [{ service: 'cart', branch: 'mine' }],
    });
    expect(await as(member.token, 'POST', '/environments/mine/extend', { hours: 1 })).toBe(403);
    expect(await as(member.token, 'DELETE', '/environments/brown')).toBe(200);
    const hook = { base: 'production', until_merged: false };
    secret = (await api.ask('PUT', '/teams/default/pull-request-hook', hook)).body.secret;
    await deliver({ action: 'opened', branch: 'brown' });
    expect((await api.ask('GET', '/environments/brown')).body.until_merged).toBe(false);
  });

  test('of the same branch of another service joins its environment', async () => {
    await deliver({ action: 'opened', branch: 'blue' });
    await deliver({ action: 'reopened', branch: 'blue', service: 'orders' });
    expect(await servicesOf('blue')).toEqual(['cart', 'orders']);
    await deliver({ action: 'closed', branch: 'blue' });
    expect(await servicesOf('blue')).toEqual(['orders']);
  });

  test('does not touch the environment of another branch that is cut to the same name', async () => {
    await deliver({ action: 'opened', branch: 'feature/green' });
    const other = await deliver({ action: 'opened', branch: 'feature-green' });
    expect(other).toMatchObject({
      status: 409,
      body: { message: 'feature-green has cart already, of branch feature/green.' },
    });
    expect((await deliver({ action: 'closed', branch: 'feature-green' })).body.outcome).toBe('nothing');
    expect(await servicesOf('feature-green')).toEqual(['cart']);
    expect((await deliver({ action: 'closed', branch: 'feature/green' })).body.outcome).toBe('destroyed');
  });

  test('of two services at once makes one environment with both', async () => {
    const both = await Promise.all(
      ['Cart', 'orders', 'Cart'].map((service) => deliver({ action: 'opened', branch: 'violet', service })),
    );
    expect(both.map(({ body }) => body)).toEqual(both.map(() => expect.objectContaining({ environment: 'violet' })));
    expect(both.map(({ body }) => body.outcome).sort()).toEqual(['made', 'made', 'nothing']);
    expect((await servicesOf('violet')).sort()).toEqual(['cart', 'orders']);
  });

  test('of a fork makes nothing, and one of a service that there is not says so', async () => {
    expect((await deliver({ action: 'opened', branch: 'grey', from: 'else/Cart' })).body.outcome).toBe('nothing');
    expect((await deliver({ action: 'opened', branch: 'grey', service: 'nothing' })).status).toBe(404);
    expect(await servicesOf('grey')).toBeUndefined();
  });

  test('that is not signed with the secret of now makes nothing', async () => {
    const before = secret;
    secret = (await api.ask('PUT', '/teams/default/pull-request-hook', { base: 'production' })).body.secret;
    for (const wrong of [before, 'x'])
      expect((await deliver({ action: 'opened', branch: 'grey' }, wrong)).status).toBe(401);
    expect(await servicesOf('grey')).toBeUndefined();
  });
});

test('only admins set a hook, with a pattern that tells pull requests apart', async () => {
  const member = await addPerson(api.platform, api.admin, { email: 'member@example.com', role: 'member' });
  const put = (body: unknown, token = api.admin.token) =>
    fetch(`${api.url}/teams/default/pull-request-hook`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).then(({ status }) => status);
  expect(await put({ base: 'production' }, member.token)).toBe(403);
  expect(await put({ base: 'nowhere' })).toBe(404);
  expect(await put({ base: 'production', pattern: '{service}' })).toBe(422);
  expect(await put({ base: 'production', pattern: 'pr-{number}' })).toBe(200);
  expect(await put({ base: 'production', pattern: 'pr-{number}', branches: 'feature/**' })).toBe(422);
  expect(await put({ base: 'production', branches: 'feature/{a,b}' })).toBe(422);
  expect(await put({ base: 'production', branches: 'feature/**' })).toBe(200);
});
