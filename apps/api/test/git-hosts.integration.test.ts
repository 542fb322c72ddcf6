import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bitbucket } from '../src/git-hosts/bitbucket.js';
import { gitea, github } from '../src/git-hosts/github.js';
import { gitlab } from '../src/git-hosts/gitlab.js';
import { bitbucketPayload, githubPayload, gitlabPayload, type Told } from './git-host-payloads.js';
import { newServices } from './new-services.js';
import { addPerson, call, startTestApi, type TestApi } from './start-test-api.js';

const path = '/teams/default/pull-request-hook';
let api: TestApi;
let secret = '';
beforeAll(async () => {
  api = await startTestApi();
  await newServices(api, ['cart']);
});
afterAll(() => api.stop());
beforeEach(async () => {
  await api.ask('DELETE', path);
  secret = (await api.ask('PUT', path, { base: 'production' })).body.secret;
});

const told = (branch: string) => ({ number: 7, branch, repository: 'shop/cart', from: 'shop/cart' });
const sign = (body: string, key: string) => createHmac('sha256', key).update(body).digest('hex');

/** Each hosting's delivery that a request of the branch is opened or closed, and what proves it. */
const hosts = {
  github: (branch: string, isOpen: boolean) => ({
    payload: githubPayload(isOpen ? 'opened' : 'closed', told(branch)),
    headers: (body: string, key: string) => ({
      ...{ 'x-github-event': 'pull_request', 'x-hub-signature-256': `sha256=${sign(body, key)}` },
    }),
  }),
  gitea: (branch: string, isOpen: boolean) => ({
    payload: githubPayload(isOpen ? 'opened' : 'closed', told(branch)),
    // Beside its own headers those of GitHub.
    headers: (body: string, key: string) => ({
      ...{ 'x-gitea-event': 'pull_request', 'x-gitea-event-type': 'pull_request', 'x-github-event': 'pull_request' },
      ...{ 'x-gitea-signature': sign(body, key), 'x-hub-signature-256': `sha256=${sign(body, key)}` },
    }),
  }),
  gitlab: (branch: string, isOpen: boolean) => ({
    payload: gitlabPayload(isOpen ? 'open' : 'merge', told(branch)),
    headers: (_body: string, key: string) => ({ 'x-gitlab-event': 'Merge Request Hook', 'x-gitlab-token': key }),
  }),
  bitbucket: (branch: string, isOpen: boolean) => ({
    payload: bitbucketPayload(told(branch)),
    headers: (body: string, key: string) => ({
      'x-event-key': isOpen ? 'pullrequest:created' : 'pullrequest:fulfilled',
      'x-hub-signature': `sha256=${sign(body, key)}`,
    }),
  }),
};
type Host = keyof typeof hosts;

async function post(body: string, headers: Record<string, string>) {
  const answer = await fetch(`${api.url}/hooks/pull-request/default`, {
    ...{ method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } },
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}
function deliver(host: Host, branch: string, isOpen: boolean, key = secret) {
  const { payload, headers } = hosts[host](branch, isOpen);
  const body = JSON.stringify(payload);
  return post(body, headers(body, key));
}

describe.each(Object.keys(hosts) as Host[])('%s', (host) => {
  test('makes an environment of a request that is opened, and takes it along with one that is closed', async () => {
    const environment = `of-${host}`;
    expect(await deliver(host, environment, true)).toEqual({ status: 200, body: { outcome: 'made', environment } });
    expect((await api.ask('GET', `/environments/${environment}`)).body.services).toMatchObject([
      { branch: environment },
    ]);
    expect((await deliver(host, environment, false)).body.outcome).toBe('destroyed');
    expect((await api.ask('GET', `/environments/${environment}`)).status).toBe(404);
    const { body } = await api.ask('GET', path);
    const of = { host, pipeline: 'cart', branch: environment, environment, message: null };
    expect(body.deliveries).toMatchObject([
      { ...of, outcome: 'destroyed' },
      { ...of, outcome: 'made' },
    ]);
  });

  test('is refused without the secret, in one sentence', async () => {
    const sentence = 'This delivery is not signed with the secret of a team.';
    for (const key of ['wrong', ''])
      expect(await deliver(host, 'red', true, key)).toMatchObject({ status: 401, body: { message: sentence } });
    const { payload, headers } = hosts[host]('red', true);
    const others = headers('another body', secret);
    if (host !== 'gitlab') expect((await post(JSON.stringify(payload), others)).status).toBe(401);
    expect((await api.ask('GET', path)).body.deliveries).toEqual([]);
  });
});

test('one hosting’s proof does not count as another’s, and a secret in the wrong place neither', async () => {
  const body = JSON.stringify(gitlabPayload('open', told('red')));
  for (const headers of [
    { 'x-gitlab-event': 'Merge Request Hook', 'x-hub-signature-256': `sha256=${sign(body, secret)}` },
    { 'x-gitlab-event': 'Merge Request Hook', 'x-gitlab-token': sign(body, secret) },
    { 'x-github-event': 'pull_request', 'x-hub-signature-256': secret },
    { 'x-github-event': 'pull_request', 'x-gitlab-token': secret },
    { 'x-gitlab-token': secret },
  ])
    expect((await post(body, headers)).status).toBe(401);
});

test('other events are nothing, and a body of another shape is one sentence', async () => {
  const ask = (body: string, event: string) =>
    post(body, { 'x-github-event': event, 'x-hub-signature-256': `sha256=${sign(body, secret)}` });
  expect(await ask('{}', 'ping')).toEqual({ status: 200, body: { outcome: 'nothing' } });
  for (const body of ['{}', 'payload=%7B%7D', '', 'null'])
    expect(await ask(body, 'pull_request')).toMatchObject({
      ...{ status: 400, body: { message: expect.stringContaining('choose the content type application/json') } },
    });
});

test('what was refused says why, and the newest twenty deliveries are kept', async () => {
  const unknown = JSON.stringify(
    githubPayload('opened', { ...told('red'), repository: 'shop/none', from: 'shop/none' }),
  );
  const { headers } = hosts.github('red', true);
  expect((await post(unknown, headers(unknown, secret))).status).toBe(404);
  expect((await api.ask('GET', path)).body.deliveries).toMatchObject([
    { pipeline: 'none', outcome: 'refused', message: "Couldn't find that pipeline: none." },
  ]);
  for (let number = 0; number < 21; number += 1) await deliver('github', `never-${number}`, false);
  const { deliveries } = (await api.ask('GET', path)).body;
  expect(deliveries).toHaveLength(20);
  expect(deliveries[0]).toMatchObject({ branch: 'never-20', outcome: 'nothing' });
});

test('the secret is rotated with all else as it is, and the hook is removed', async () => {
  const before = secret;
  const rotated = await api.ask('POST', `${path}/actions/rotate-secret`);
  expect(rotated.body).toMatchObject({ base: 'production', pattern: '{branch}', owner: { email: api.admin.email } });
  secret = rotated.body.secret;
  expect(secret).not.toBe(before);
  expect((await deliver('gitlab', 'red', false, before)).status).toBe(401);
  expect((await deliver('gitlab', 'red', false)).status).toBe(200);
  expect(JSON.stringify((await api.ask('GET', path)).body)).not.toContain(secret);
  expect((await api.ask('DELETE', path)).status).toBe(200);
  for (const [method, asked] of [
    ['GET', path],
    ['DELETE', path],
    ['POST', `${path}/actions/rotate-secret`],
  ] as const)
    expect([method, (await api.ask(method, asked)).status]).toEqual([method, 404]);
  expect((await deliver('gitlab', 'red', true)).status).toBe(401);
});

test('people of the team see the hook, admins rotate and remove it, other teams do not find it', async () => {
  const viewer = await addPerson(api.platform, api.admin, { email: 'viewer@example.com', role: 'viewer' });
  const member = await addPerson(api.platform, api.admin, { email: 'member@example.com', role: 'member' });
  const stranger = await addPerson(api.platform, api.admin, { email: 'stranger@example.com', role: 'member' });
  await api.platform.db.membership.deleteMany({ where: { userId: stranger.userId } });
  const status = async ({ token }: { token: string }, method: string, asked: string) =>
    (await call(api, token, method, asked)).status;
  expect(await status(viewer, 'GET', path)).toBe(200);
  for (const [method, asked] of [
    ['DELETE', path],
    ['POST', `${path}/actions/rotate-secret`],
  ] as const) {
    expect([method, await status(member, method, asked)]).toEqual([method, 403]);
    expect([method, await status(stranger, method, asked)]).toEqual([method, 404]);
  }
  expect(await status(stranger, 'GET', path)).toBe(404);
});

const request: Told = { number: 7, branch: 'feature/new', repository: 'shop/cart', from: 'shop/cart' };
const event = { number: 7, branch: 'feature/new', repository: 'cart', isOfFork: false };

describe.each([github, gitea])('the event of $name', ({ readEvent }) => {
  test('tells which pull requests are opened and closed', () => {
    const read = (action: string) => readEvent('pull_request', githubPayload(action, request));
    for (const action of ['opened', 'reopened']) expect(read(action)).toEqual({ ...event, action: 'opened' });
    expect(read('closed')).toEqual({ ...event, action: 'closed' });
    for (const action of ['synchronize', 'synchronized', 'labeled']) expect(read(action)?.action).toBe('other');
    expect(readEvent('push', {})).toBeUndefined();
    expect(() => readEvent('pull_request', { action: 'opened' })).toThrow();
  });

  test('tells forks apart, also one that is gone', () => {
    const payload = githubPayload('opened', { ...request, from: 'else/cart' });
    expect(readEvent('pull_request', payload)?.isOfFork).toBe(true);
    const { pull_request: pull } = payload;
    const gone = { ...payload, pull_request: { ...pull, head: { ...pull.head, repo: null } } };
    expect(readEvent('pull_request', gone)?.isOfFork).toBe(true);
  });
});

describe('the event of gitlab', () => {
  const read = (action: string | undefined, more: Partial<Told> = {}) =>
    gitlab.readEvent('Merge Request Hook', gitlabPayload(action, { ...request, ...more }));

  test('tells which merge requests are opened, closed and merged, by the project’s path', () => {
    for (const action of ['open', 'reopen']) expect(read(action)).toEqual({ ...event, action: 'opened' });
    for (const action of ['close', 'merge']) expect(read(action)?.action).toBe('closed');
    for (const action of ['update', 'approved', undefined, 'constructor'])
      expect([action, read(action)?.action]).toEqual([action, 'other']);
    expect(read('open', { repository: 'group/sub/stock', from: 'group/sub/stock' })?.repository).toBe('stock');
    expect(read('open', { from: 'else/cart' })?.isOfFork).toBe(true);
    expect(gitlab.readEvent('Push Hook', {})).toBeUndefined();
  });
});

describe('the event of bitbucket', () => {
  const read = (what: string, more: Partial<Told> = {}) =>
    bitbucket.readEvent(`pullrequest:${what}`, bitbucketPayload({ ...request, ...more }));

  test('tells which pull requests are created, merged and declined', () => {
    expect(read('created')).toEqual({ ...event, action: 'opened' });
    for (const what of ['fulfilled', 'rejected']) expect(read(what)?.action).toBe('closed');
    for (const what of ['updated', 'approved', 'constructor']) expect(read(what)?.action).toBe('other');
    expect(read('created', { from: 'else/cart' })?.isOfFork).toBe(true);
    expect(bitbucket.readEvent('repo:push', {})).toBeUndefined();
  });
});

test('what proves a delivery is read in the form that each hosting has', () => {
  expect(github.readProof({ 'x-hub-signature-256': 'sha256=ab' })).toEqual({ kind: 'hmac', hex: 'ab' });
  expect(github.readProof({ 'x-hub-signature-256': 'sha1=ab' })).toBeUndefined();
  expect(gitea.readProof({ 'x-gitea-signature': 'ab' })).toEqual({ kind: 'hmac', hex: 'ab' });
  expect(bitbucket.readProof({ 'x-hub-signature': 'sha256=ab' })).toEqual({ kind: 'hmac', hex: 'ab' });
  expect(gitlab.readProof({ 'x-gitlab-token': 'ab' })).toEqual({ kind: 'secret', secret: 'ab' });
  for (const host of [github, gitea, gitlab, bitbucket]) expect(host.readProof({})).toBeUndefined();
});
