import { readFile, writeFile } from 'node:fs/promises';
import { environmentCookie, environmentLinkPath, signEnvironmentToken } from '@berth/domain/environment-token';
import { reload } from '@berth/router/master-client';
import { routerPaths } from '@berth/router/router-settings';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppServer } from './app-server.js';
import { type Hop, startEcho } from './echo-app.js';
import { startRouter } from './test-router.js';

/** Teams `team` and `others`, each with daily and one project upon it; every environment has the service `shop`. */
const hosts = {
  daily: 'shop.localhost',
  pa: 'shop--pa.localhost',
  'others-daily': 'others-shop.localhost',
  px: 'others-shop--px.localhost',
};

let router: Awaited<ReturnType<typeof startRouter>>;
let apps: AppServer[];
beforeAll(async () => {
  router = await startRouter();
  router.source.addEnvironment('daily', { teamId: 'team' });
  router.source.addEnvironment('pa', { teamId: 'team', baseId: 'daily' });
  router.source.addEnvironment('others-daily', { teamId: 'others' });
  router.source.addEnvironment('px', { teamId: 'others', baseId: 'others-daily' });
  apps = await Promise.all(Object.keys(hosts).map(startEcho));
  for (const [index, [environmentId, host]] of Object.entries(hosts).entries()) {
    router.source.addApp(environmentId, { environmentId, hosts: [host], service: 'shop' });
    await router.deploy(environmentId, `${environmentId}-1`, [apps[index]?.port ?? 0]);
  }
});
afterAll(async () => {
  await Promise.all(apps.map((app) => app.kill()));
  await router.stop();
});

const soon = () => Math.floor(Date.now() / 1000) + 60;
const token = (changes: Partial<Parameters<typeof signEnvironmentToken>[0]> = {}) =>
  signEnvironmentToken({
    ...{ key: router.settings.linkKey, environment: 'pa', baseId: 'daily', until: soon() },
    ...changes,
  });
const get = async (host: string, headers: Record<string, string>): Promise<Hop> =>
  JSON.parse((await router.get(host, { headers })).text);
const marked = async (cookie: string, more: Record<string, string> = {}, host = hosts.daily) =>
  (await get(host, { cookie: `a=1; ${environmentCookie}=${cookie}; z=2`, ...more })).baggage;

describe('a signed cookie', () => {
  test('marks requests of the stable host', async () => {
    expect(await marked(token())).toBe('berth-env=pa');
    expect(await marked(token(), { baggage: 'u=1, berth-env=px' })).toBe('berth-env=pa,u=1');
  });

  test('carries a trace too, when that is signed with it', async () => {
    const trace = '0190a1b2-0000-7000-8000-000000000001';
    expect(await marked(token({ trace }))).toBe(`berth-env=pa,berth-trace=${trace}`);
    const [environment, until, mac] = token().split('~');
    expect(await marked(`${environment}~${until}~${trace}~${mac}`)).toBeUndefined();
  });

  test('marks nothing when it is wrong', async () => {
    const [environment, until, mac = ''] = token().split('~');
    const wrong = {
      'of another key': token({ key: Buffer.alloc(32, 8).toString('base64') }),
      expired: token({ until: soon() - 61 }),
      'of another team': token({ baseId: 'others-daily', environment: 'px' }),
      'of another team’s environment, signed for this base': token({ environment: 'px' }),
      'of an environment that is gone': token({ environment: 'gone' }),
      'with another name': `px~${until}~${mac}`,
      'with a later expiry': `${environment}~${Number(until) + 1}~${mac}`,
      'with a cut signature': `${environment}~${until}~${mac.slice(0, 40)}`,
      'with an upper-case signature': `${environment}~${until}~${mac.toUpperCase()}`,
      'without a signature': `${environment}~${until}~`,
      'without parts': 'pa',
      empty: '',
      'of tildes': '~~~~',
      'with an expiry that is no number': token({ until: Number.NaN }),
    };
    for (const [what, value] of Object.entries(wrong)) expect([what, await marked(value)]).toEqual([what, undefined]);
  });

  test('holds for hosts of its own base only', async () => {
    expect(await marked(token(), {}, hosts['others-daily'])).toBeUndefined();
    expect((await get(hosts.px, { cookie: `${environmentCookie}=${token()}` })).baggage).toBe('berth-env=px');
  });
});

test('the host of a project’s own app marks its requests, whatever they claim', async () => {
  expect(await get(hosts.pa, {})).toEqual({ app: 'pa', baggage: 'berth-env=pa' });
  expect((await get(hosts.pa, { baggage: 'berth-env=px,u=1,berth-trace=x' })).baggage).toBe('berth-env=pa,u=1');
  expect(await get(hosts.daily, {})).toEqual({ app: 'daily', baggage: undefined });
});

describe('the link', () => {
  const open = async (query: string, host = hosts.daily) => {
    const { status, headers } = await router.get(host, { path: `${environmentLinkPath}${query}` });
    return { status, to: headers.location, cookie: headers['set-cookie']?.[0] };
  };

  test('keeps the token as the host’s cookie and goes on to the path', async () => {
    const value = token();
    const answer = await open(`?t=${value}&to=/cart/7`);
    expect(answer).toEqual({
      status: 303,
      to: '/cart/7',
      cookie: `${environmentCookie}=${value}; Path=/; HttpOnly; SameSite=Lax`,
    });
    expect(await marked(value)).toBe('berth-env=pa');
  });

  test('without a token clears the cookie', async () => {
    expect(await open('?to=/')).toEqual({
      status: 303,
      to: '/',
      cookie: `${environmentCookie}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax`,
    });
  });

  test('that does not hold sets nothing', async () => {
    for (const value of [token({ until: 1 }), token({ baseId: 'qa' }), 'x', ''])
      expect(await open(`?t=${value}`)).toMatchObject({ status: 403 });
    expect((await open(`?t=${token({ until: 1 })}`)).cookie).toBeUndefined();
    expect(await open(`?t=${token()}`, hosts['others-daily'])).toEqual({ status: 403 });
    expect(await open(`?t=${token()}`, 'nobody.localhost')).toEqual({ status: 403 });
  });

  test('leads to no other host', async () => {
    for (const to of ['//evil.example', '/\\evil.example', 'https://evil.example', '/%0d%0aset-cookie:x', '@evil'])
      expect([to, (await open(`?t=${token()}&to=${to}`)).to]).toEqual([to, '/']);
  });
});

test('an HAProxy whose configuration has fewer maps, of an older Berth, is brought up to date', async () => {
  const paths = routerPaths(router.settings.dir);
  await router.controller.stop();
  const config = await readFile(paths.config, 'utf8');
  const older = config.split('\n').filter((line) => !/maps\/(hosts|marks)\.map/.test(line));
  await writeFile(paths.config, older.join('\n').replace(/(?<=BERTH_FINGERPRINT ).*/, 'older'));
  await reload(paths.masterSocket);
  expect(await marked(token())).toBeUndefined();
  router.startController();
  await expect.poll(() => marked(token())).toBe('berth-env=pa');
});
