import { appendLines } from '@berth/logs/log-stream';
import { appendOutput, endOutput } from '@berth/logs/output';
import { setConfigVars } from '@berth/platform/config-vars/set-config-vars';
import { removeMember } from '@berth/platform/teams/remove-member';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEvents } from './open-events.js';
import { seedDeploy } from './seed-deploy.js';
import { addPerson, call, startTestApi, type TestApi } from './start-test-api.js';

const origin = 'http://dashboard.localhost:5000';
let api: TestApi;
let app: { id: string; name: string };
let cookie: string;

const write = (...texts: string[]) =>
  appendLines(
    api.platform.redis,
    api.platform.instance,
    app.id,
    texts.map((text) => ({ at: Date.now(), source: 'app' as const, process: 'web.1', text })),
  );

async function signIn(email: string, password: string): Promise<string> {
  const { status, headers } = await call(api, null, 'POST', '/api/auth/sign-in/email', { email, password }, { origin });
  expect(status).toBe(200);
  return headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
}

async function logAddress(body: object, token = api.admin.token): Promise<string> {
  const answer = await call<{ logplex_url: string }>(api, token, 'POST', `/apps/${app.name}/log-sessions`, body);
  expect(answer.status).toBe(201);
  return answer.body.logplex_url;
}

beforeAll(async () => {
  api = await startTestApi();
  const made = await call<{ id: string; name: string }>(api, api.admin.token, 'POST', '/apps', { name: 'streaming' });
  app = made.body;
  cookie = await signIn(api.admin.email, api.admin.password);
}, 60_000);
afterAll(() => api?.stop());

describe('a log session', () => {
  test('gives the last lines and ends', async () => {
    await write('one', 'two', 'three');
    const text = await (await fetch(await logAddress({ lines: 2 }))).text();
    expect(text).toMatch(/^retry: 50\n\nid: \d+-\d+\ndata: \S+ app\[web\.1\]: two\n\nid: \S+\ndata: .*three\n\n$/);
  });

  test('tails, and goes on after Last-Event-ID without a gap or a repetition', async () => {
    const address = await logAddress({ lines: 1, tail: true });
    const first = await openEvents(address);
    await first.waitFor(1);
    await write('four');
    const [, four] = await first.waitFor(2);
    first.close();
    await write('five');
    const second = await openEvents(address, { 'last-event-id': four?.id ?? '' });
    await write('six');
    const texts = (await second.waitFor(2)).map(({ data }) => data.split(': ').at(-1));
    expect(texts).toEqual(['five', 'six']);
    second.close();
  });

  test('is shut for who has left the team since', async () => {
    const leaver = await addPerson(api.platform, api.admin, { email: 'leaver@example.com', role: 'member' });
    const address = await logAddress({ lines: 1 }, leaver.token);
    expect((await fetch(address)).status).toBe(200);
    const actor = { userId: api.admin.userId };
    await removeMember(api.platform, { actor, team: 'default', userId: leaver.userId });
    expect((await fetch(address)).status).toBe(404);
  });

  test('is one of 100 at most that a person has open: each has a connection to Redis', async () => {
    const { token } = await addPerson(api.platform, api.admin, { email: 'tailer@example.com', role: 'viewer' });
    const address = await logAddress({ tail: true }, token);
    const open = await Promise.all(Array.from({ length: 100 }, () => openEvents(address)));
    expect((await fetch(address)).status).toBe(429);
    const other = await openEvents(await logAddress({ tail: true }));
    other.close();
    open[0]?.close();
    await expect.poll(() => fetch(address, { method: 'HEAD' }).then(({ status }) => status)).toBe(200);
    for (const each of open) each.close();
  });

  test('is opened by its own signature only', async () => {
    const address = await logAddress({ lines: 1 });
    expect((await fetch(address.replace('/log/', '/output/'))).status).toBe(404);
    expect((await fetch(`${address.slice(0, -4)}AAAA`)).status).toBe(404);
  });
});

describe('the output of a running build', () => {
  test('comes while it runs, and ends when it ends', async () => {
    const { build } = await seedDeploy(api.platform, {
      appId: app.id,
      userId: api.admin.userId,
      version: 1,
      commit: 'c'.repeat(40),
    });
    const { db, redis, instance } = api.platform;
    await db.output.delete({ where: { buildId: build.id } });
    await db.build.update({ where: { id: build.id }, data: { status: 'running', endedAt: null } });
    const path = `/apps/${app.name}/builds/${build.id}`;
    const { body } = await call<{ output_stream_url: string }>(api, api.admin.token, 'GET', path);
    const of = { noun: 'build', id: build.id } as const;
    await appendOutput(redis, instance, of, 'first\n');
    const plain = await fetch(body.output_stream_url);
    const events = await openEvents(`${api.url}/api/streams${path}/output`, { cookie });
    await appendOutput(redis, instance, of, 'second\n');
    const pieces = await events.waitFor(2);
    expect(pieces.map(({ event, data }) => [event, JSON.parse(data)])).toEqual([
      ['output', 'first\n'],
      ['output', 'second\n'],
    ]);
    events.close();
    const resumed = await openEvents(`${api.url}/api/streams${path}/output`, {
      cookie,
      'last-event-id': pieces[0]?.id ?? '',
    });
    await resumed.waitFor(1);
    await endOutput(redis, instance, of);
    await db.build.update({ where: { id: build.id }, data: { status: 'succeeded', endedAt: new Date() } });
    expect((await resumed.waitFor(2)).map(({ event, data }) => [event, JSON.parse(data)])).toEqual([
      ['output', 'second\n'],
      ['end', {}],
    ]);
    expect(await plain.text()).toBe('first\nsecond\n');
  });

  test('ends also when nothing says so but its row', async () => {
    const version = 2;
    const of = { appId: app.id, userId: api.admin.userId, version, commit: 'd'.repeat(40) };
    const { build } = await seedDeploy(api.platform, of);
    const { db } = api.platform;
    await db.output.delete({ where: { buildId: build.id } });
    await db.build.update({ where: { id: build.id }, data: { status: 'running', endedAt: null } });
    const events = await openEvents(`${api.url}/api/streams/apps/${app.name}/builds/${build.id}/output`, { cookie });
    await db.build.update({ where: { id: build.id }, data: { status: 'cancelled', endedAt: new Date() } });
    expect((await events.waitFor(1))[0]?.event).toBe('end');
  });
});

test('the output of a build is cut off for who leaves the team while it runs', async () => {
  const leaver = await addPerson(api.platform, api.admin, { email: 'late-leaver@example.com', role: 'member' });
  const of = { appId: app.id, userId: api.admin.userId, version: 10, commit: 'e'.repeat(40) };
  const { build } = await seedDeploy(api.platform, of);
  await api.platform.db.build.update({ where: { id: build.id }, data: { status: 'running', endedAt: null } });
  const path = `/apps/${app.name}/builds/${build.id}`;
  const { body } = await call<{ output_stream_url: string }>(api, leaver.token, 'GET', path);
  const response = await fetch(body.output_stream_url);
  const actor = { userId: api.admin.userId };
  await removeMember(api.platform, { actor, team: 'default', userId: leaver.userId });
  await api.platform.wake.publish([`build:${build.id}`]);
  await expect(response.text()).rejects.toThrow('terminated');
  await api.platform.db.build.update({ where: { id: build.id }, data: { status: 'failed', endedAt: new Date() } });
});

describe("the dashboard's streams", () => {
  test('send an app as snapshots, and again what changed', async () => {
    const events = await openEvents(`${api.url}/api/streams/apps/${app.name}`, { cookie });
    const first = await events.waitFor(7);
    expect(first.map(({ event }) => event).sort()).toEqual([
      'app',
      'builds',
      'deploy',
      'formation',
      'instances',
      'one-offs',
      'releases',
    ]);
    const actor = { userId: api.admin.userId };
    await setConfigVars(api.platform, { actor, app: app.name, changes: { LIVE: 'yes' } });
    const releases = await events.until(({ event, data }) => event === 'releases' && data.includes('LIVE'));
    expect(JSON.parse(releases.data)[0].version).toBe(11);
    events.close();
  });

  test('send every app, and events with numbers to resume after', async () => {
    const events = await openEvents(`${api.url}/api/streams/apps`, { cookie });
    const [apps] = await events.waitFor(1);
    expect(JSON.parse(apps?.data ?? '')[0].name).toBe(app.name);
    await call(api, api.admin.token, 'PATCH', `/apps/${app.name}`, { maintenance: true });
    const seen = await events.until(({ event, data }) => event === 'event' && data.includes('app.maintenance-set'));
    events.close();
    await call(api, api.admin.token, 'PATCH', `/apps/${app.name}`, { maintenance: false });
    const resumed = await openEvents(`${api.url}/api/streams/apps`, { cookie, 'last-event-id': seen.id ?? '' });
    const next = await resumed.until(({ event }) => event === 'event');
    expect(JSON.parse(next.data).data).toEqual({ isOn: false });
    resumed.close();
  });

  test('say that an app changed or came, and nothing about it', async () => {
    const events = await openEvents(`${api.url}/api/streams/changes`, { cookie });
    expect(await events.waitFor(1)).toEqual([{ event: 'changed', data: '{}' }]);
    await call(api, api.admin.token, 'PATCH', `/apps/${app.name}`, { maintenance: true });
    await events.waitFor(2);
    await call(api, api.admin.token, 'POST', '/apps', { name: 'one-more' });
    expect(await events.waitFor(3)).toHaveLength(3);
    events.close();
    await call(api, api.admin.token, 'PATCH', `/apps/${app.name}`, { maintenance: false });
  });

  test('tail the log', async () => {
    const events = await openEvents(`${api.url}/api/streams/apps/${app.name}/log?lines=0&source=app`, { cookie });
    await write('for the page');
    expect((await events.waitFor(1))[0]?.data).toContain('app[web.1]: for the page');
    events.close();
  });

  test('say that the app is gone', async () => {
    const made = await call<{ name: string }>(api, api.admin.token, 'POST', '/apps', { name: 'leaving' });
    const events = await openEvents(`${api.url}/api/streams/apps/${made.body.name}`, { cookie });
    await events.waitFor(1);
    await call(api, api.admin.token, 'DELETE', `/apps/${made.body.name}`);
    expect((await events.until(({ event }) => event === 'gone')).data).toBe('{}');
  });

  test('need a session, and show nothing of another team', async () => {
    expect((await fetch(`${api.url}/api/streams/apps`)).status).toBe(401);
    await call(api, api.admin.token, 'POST', '/teams', { name: 'elsewhere' });
    await addPerson(api.platform, api.admin, { email: 'other@example.com', role: 'owner', team: 'elsewhere' });
    const other = { cookie: await signIn('other@example.com', 'password of other@example.com') };
    for (const path of ['', '/log', '/builds/x/output', '/releases/x/output'])
      expect((await fetch(`${api.url}/api/streams/apps/${app.name}${path}`, { headers: other })).status).toBe(404);
    const events = await openEvents(`${api.url}/api/streams/apps`, other);
    expect((await events.waitFor(1))[0]?.data).toBe('[]');
    events.close();
  });
});

describe('signing in', () => {
  test('is refused from another origin and with a wrong password', async () => {
    const { email, password } = api.admin;
    const from = (other: string, words: string) =>
      call(api, null, 'POST', '/api/auth/sign-in/email', { email, password: words }, { origin: other, cookie });
    expect((await from('http://evil.example', password)).status).toBe(403);
    expect((await from(origin, 'not the password')).status).toBe(401);
  });

  test('and up is not open to the public', async () => {
    const body = { name: 'Me', email: 'me@example.com', password: 'a long enough password' };
    const { status } = await call(api, null, 'POST', '/api/auth/sign-up/email', body, { origin });
    expect(status).toBeGreaterThanOrEqual(400);
  });
});

test('a stop of the process ends every open stream at once, so that clients come back to the next one', async () => {
  const own = await startTestApi();
  await call(own, own.admin.token, 'POST', '/apps', { name: 'stopping' });
  const session = await call<{ logplex_url: string }>(own, own.admin.token, 'POST', '/apps/stopping/log-sessions', {
    tail: true,
  });
  const tail = await openEvents(session.body.logplex_url);
  const startedAt = Date.now();
  const stopped = own.stop();
  await tail.ended;
  expect(Date.now() - startedAt).toBeLessThan(5_000);
  await stopped;
});
