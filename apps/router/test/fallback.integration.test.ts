import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppServer } from './app-server.js';
import { type Hop, startEcho } from './echo-app.js';
import { request } from './request.js';
import { startRouter } from './test-router.js';

/**
 * Team `team` has the stable environments daily and qa, the projects pa and pb upon daily and pq upon qa; team `others` has its
 * own daily with a project px. Services: a and b everywhere stable, `<service>@<environment>` is what answers.
 */
const places = {
  daily: { teamId: 'team', baseId: null, subnet: '127.0.1.0/24' },
  qa: { teamId: 'team', baseId: null, subnet: '127.0.2.0/24' },
  pa: { teamId: 'team', baseId: 'daily', subnet: '127.0.3.0/24' },
  pb: { teamId: 'team', baseId: 'daily', subnet: '127.0.4.0/24' },
  pq: { teamId: 'team', baseId: 'qa', subnet: '127.0.5.0/24' },
  'others-daily': { teamId: 'others', baseId: null, subnet: '127.0.6.0/24' },
  px: { teamId: 'others', baseId: 'others-daily', subnet: '127.0.7.0/24' },
  stray: { teamId: 'others', baseId: 'daily', subnet: '127.0.8.0/24' },
};
const services = ['a@daily', 'b@daily', 'b@pa', 'a@pb', 'a@qa', 'b@pq', 'a@others-daily', 'b@px', 'only@stray'];
const from = Object.fromEntries(
  Object.entries(places).map(([name, { subnet }]) => [name, subnet.replace('0/24', '9')]),
) as Record<keyof typeof places, string>;

let router: Awaited<ReturnType<typeof startRouter>>;
let apps: AppServer[];
beforeAll(async () => {
  router = await startRouter();
  for (const [id, place] of Object.entries(places)) router.source.addEnvironment(id, place);
  apps = await Promise.all(services.map(startEcho));
  for (const [index, name] of services.entries()) {
    const [service = '', environmentId = ''] = name.split('@');
    const appId = name.replace('@', '--');
    router.source.addApp(appId, { environmentId, service });
    await router.deploy(appId, `${appId}-1`, [apps[index]?.port ?? 0]);
  }
});
afterAll(async () => {
  await Promise.all(apps.map((app) => app.kill()));
  await router.stop();
});

type Baggage = string | string[];
const call = (caller: string, service: string, baggage?: Baggage) =>
  request(router.settings.internal.port, `${service}.internal`, {
    localAddress: caller,
    headers: (baggage === undefined ? {} : { baggage }) as Record<string, string>,
  });
const hop = async (caller: string, service: string, baggage?: Baggage): Promise<Hop> =>
  JSON.parse((await call(caller, service, baggage)).text);
const answers = async (caller: string, service: string, baggage?: Baggage) => {
  const answer = await call(caller, service, baggage);
  return answer.status === 200 ? (JSON.parse(answer.text) as Hop).app : answer.status;
};

describe('without a mark', () => {
  test('a service that the caller’s environment has is its own, another one is its base’s', async () => {
    expect(await answers(from.pa, 'b')).toBe('b@pa');
    expect(await answers(from.pa, 'a')).toBe('a@daily');
    expect(await answers(from.pb, 'a')).toBe('a@pb');
    expect(await answers(from.pb, 'b')).toBe('b@daily');
    expect(await answers(from.pq, 'a')).toBe('a@qa');
    expect(await answers(from.daily, 'b')).toBe('b@daily');
    expect(await answers(from.qa, 'b')).toBe(404);
    expect(await answers(from.pa, 'nobody')).toBe(404);
  });

  test('the router marks what comes out of a project’s network, and nothing else', async () => {
    expect(await hop(from.pa, 'a')).toEqual({ app: 'a@daily', baggage: 'berth-env=pa' });
    expect(await hop(from.pa, 'b', 'u=1;p=2, v=3')).toEqual({ app: 'b@pa', baggage: 'berth-env=pa,u=1;p=2, v=3' });
    expect(await hop(from.daily, 'a')).toEqual({ app: 'a@daily', baggage: undefined });
    expect(await hop(from.daily, 'a', 'u=1')).toEqual({ app: 'a@daily', baggage: 'u=1' });
  });

  test('a caller of no environment gets nothing, whatever it claims', async () => {
    expect(await answers('127.0.99.1', 'a', 'berth-env=pa')).toBe(403);
  });

  test('a base of another team is no base', async () => {
    expect(await answers(from.stray, 'only')).toBe('only@stray');
    expect(await answers(from.stray, 'a')).toBe(404);
    expect(await answers(from.daily, 'only', 'berth-env=stray')).toBe(404);
  });
});

describe('with a mark', () => {
  test('the named project’s own instance answers, and its base where it has none', async () => {
    expect(await hop(from.daily, 'b', 'berth-env=pa')).toEqual({ app: 'b@pa', baggage: 'berth-env=pa' });
    expect(await answers(from.daily, 'a', 'berth-env=pa')).toBe('a@daily');
    expect(await answers(from.pa, 'a', 'berth-env=pb')).toBe('a@pb');
    expect(await answers(from.pa, 'b', 'berth-env=pb')).toBe('b@daily');
  });

  test.each([
    ['among others', 'x=1, berth-env=pa;ttl=3 , z=2'],
    ['after a tab', 'x=1,\tberth-env=pa'],
    ['the last of two', 'berth-env=pb,berth-env=pa'],
    ['in the last of several lines', ['x=1', 'berth-env=pb', 'berth-env=pa']],
    ['in the first of several lines', ['berth-env=pa', 'x=1', 'y=2']],
    ['after 180 entries', `${entries(180)},berth-env=pa`],
    ['after 8 kB', `big=${'x'.repeat(8_000)},berth-env=pa`],
  ])('is read %s', async (_where, baggage) => {
    expect(await answers(from.daily, 'b', baggage)).toBe('b@pa');
  });

  test.each([
    ['of another team', 'berth-env=px'],
    ['of another base of the team', 'berth-env=pq'],
    ['of a stable environment', 'berth-env=qa'],
    ['of nobody', 'berth-env=nobody'],
    ['in upper case', 'berth-env=PA'],
    ['with more behind it', 'berth-env=paX'],
    ['under another key', 'myberth-env=pa'],
    ['encoded', '%62erth-env=pa'],
    ['without a value', 'berth-env='],
    ['that tries to leave its base', 'berth-env=../others-daily/px'],
    ['without a key', 'pa'],
  ])('%s counts as none', async (_what, baggage) => {
    expect(await answers(from.daily, 'b', baggage)).toBe('b@daily');
    expect(await answers(from.pa, 'b', baggage)).toBe('b@pa');
  });

  test('that does not count is replaced when the caller’s network is a project’s; the trace and other entries stay', async () => {
    expect((await hop(from.pa, 'a', 'berth-env=px,u=1,berth-trace=t1')).baggage).toBe(
      'berth-env=pa,u=1,berth-trace=t1',
    );
    expect((await hop(from.pa, 'a', ['u=1', 'berth-env=PB'])).baggage).toBe('berth-env=pa,u=1');
  });

  test('no claim of any caller leads to another team', async () => {
    const teamOf = (name: string) => places[name as keyof typeof places].teamId;
    for (const [caller, address] of Object.entries(from))
      for (const mark of Object.keys(places))
        for (const service of ['a', 'b', 'only']) {
          const answer = await answers(address, service, `berth-env=${mark}`);
          if (typeof answer === 'string') expect(teamOf(answer.split('@')[1] ?? '')).toBe(teamOf(caller));
        }
  });
});

test('an environment that is gone is no mark any more, and a new one is known at once', async () => {
  const { source } = router;
  source.addEnvironment('late', { teamId: 'team', baseId: 'daily', subnet: '127.0.9.0/24' });
  await expect.poll(() => answers('127.0.9.9', 'a')).toBe('a@daily');
  expect((await hop(from.daily, 'a', 'berth-env=late')).app).toBe('a@daily');
  source.environments.delete('late');
  source.onChange();
  await expect.poll(() => answers('127.0.9.9', 'a')).toBe(403);
});

describe('at the edge', () => {
  const edge = async (baggage: Baggage) => {
    const answer = await router.get('a--daily.localhost', { headers: { baggage } as Record<string, string> });
    return (JSON.parse(answer.text) as Hop).baggage;
  };

  test.each([
    ['u=1,berth-env=pa', 'u=1'],
    ['berth-env=pa', undefined],
    ['berth-env=pa,berth-trace=x, u=1', ' u=1'],
    ['BERTH-ENV=pa,u=1', 'u=1'],
    ['u=1,\tberth-env=pa', 'u=1'],
    ['u=1,\u00a0berth-env=pa', 'u=1'],
    ['myberth-env=1', 'myberth-env=1'],
    ['u=1;berth-env=pa,v=2', 'u=1;berth-env=pa,v=2'],
  ])('%j becomes %j', async (sent, seen) => {
    expect((await edge(sent))?.trim()).toBe(seen?.trim());
  });

  test('several lines, many entries and a large header keep what is the caller’s', async () => {
    expect(await edge(['berth-env=pa', 'u=1', ' berth-env=pb,v=2'])).toBe('u=1,v=2');
    expect(await edge(['berth-env=pa', 'u=1', 'v=2', 'w=3', 'x=4'])).not.toContain('berth');
    expect(await edge(`${entries(90)},berth-env=pa,${entries(90)}`)).toBe(`${entries(90)},${entries(90)}`);
    expect(await edge(`big=${'x'.repeat(8_000)},berth-env=pa`)).toBe(`big=${'x'.repeat(8_000)}`);
  });
});

function entries(count: number): string {
  return Array.from({ length: count }, (_, index) => `key${index}=value${index}`).join(',');
}
