import { afterAll, beforeAll, expect, test } from 'vitest';
import { addPerson, call, startTestApi, type TestApi } from './start-test-api.js';

let api: TestApi;
let free: TestApi;
beforeAll(async () => {
  api = await startTestApi({ prices: { cpuHour: 0.04, gibHour: 0.005 } });
  free = await startTestApi();
  await Promise.all([addRows(api), addRows(free)]);
});
afterAll(() => Promise.all([api?.stop(), free?.stop()]));

const hourMs = 3_600_000;
async function addRows({ platform: { db } }: TestApi): Promise<void> {
  const { id: teamId } = await db.team.findUniqueOrThrow({ where: { name: 'default' } });
  const row = (environment: string, app: string, hour: string, hours: number) => ({
    ...{ appId: `id-${app}`, teamId, environment, app, hour: new Date(hour) },
    ...{ cpuMs: hours * hourMs, memoryMiBSeconds: hours * 1_024 * 3_600, awakeSeconds: 1_800, asleepSeconds: 1_800 },
  });
  await db.usageHour.createMany({
    data: [
      row('daily', 'cart', '2026-11-01T00:00:00Z', 0.5),
      row('daily', 'cart', '2026-11-30T23:00:00Z', 0.5),
      row('daily', 'orders', '2026-11-02T00:00:00Z', 1),
      row('red', 'cart--red', '2026-11-03T00:00:00Z', 2),
      row('daily', 'cart', '2026-12-01T00:00:00Z', 100),
    ],
  });
}

test('a month of a team: in all, by environment and by app, with its cost', async () => {
  const { status, body } = await api.ask('GET', '/teams/default/usage?month=2026-11');
  expect(status).toBe(200);
  expect(body).toEqual({
    ...{ cpu_hours: 4, gib_hours: 4, cost: 0.18 },
    environments: [
      { environment: 'daily', cpu_hours: 2, gib_hours: 2, cost: 0.09 },
      { environment: 'red', cpu_hours: 2, gib_hours: 2, cost: 0.09 },
    ],
    apps: [
      {
        ...{ environment: 'daily', app: 'cart', cpu_hours: 1, gib_hours: 1, cost: 0.045 },
        ...{ awake_hours: 1, asleep_hours: 1 },
      },
      {
        ...{ environment: 'daily', app: 'orders', cpu_hours: 1, gib_hours: 1, cost: 0.045 },
        ...{ awake_hours: 0.5, asleep_hours: 0.5 },
      },
      {
        ...{ environment: 'red', app: 'cart--red', cpu_hours: 2, gib_hours: 2, cost: 0.09 },
        ...{ awake_hours: 0.5, asleep_hours: 0.5 },
      },
    ],
  });
});

test('the same as CSV, a line per app; where there are no prices the cost is empty', async () => {
  const csv = async ({ url, admin }: TestApi) => {
    const answer = await fetch(`${url}/teams/default/usage.csv?month=2026-11`, {
      headers: { authorization: `Bearer ${admin.token}` },
    });
    return [answer.headers.get('content-type'), await answer.text()];
  };
  const head = 'environment,app,cpu_hours,gib_hours,awake_hours,asleep_hours,cost\n';
  expect(await csv(api)).toEqual([
    'text/csv; charset=utf-8',
    `${head}daily,cart,1,1,1,1,0.045\ndaily,orders,1,1,0.5,0.5,0.045\nred,cart--red,2,2,0.5,0.5,0.09\n`,
  ]);
  expect((await csv(free))[1]).toContain('daily,cart,1,1,1,1,\n');
  expect((await free.ask('GET', '/teams/default/usage?month=2026-11')).body).toMatchObject({
    ...{ cost: null, environments: [{ cost: null }, { cost: null }] },
  });
});

test('without a month it is this one; nonsense and other teams are refused', async () => {
  expect((await api.ask('GET', '/teams/default/usage')).status).toBe(200);
  const wrong = await api.ask('GET', '/teams/default/usage?month=november');
  expect([wrong.status, wrong.body.message]).toEqual([422, 'A month is written as 2026-11, not november.']);
  const by = { userId: api.admin.userId };
  const viewer = await addPerson(api.platform, by, { email: 'viewer@example.com', role: 'viewer' });
  expect((await call(api, viewer.token, 'GET', '/teams/default/usage')).status).toBe(200);
  expect((await call(api, viewer.token, 'GET', '/teams/others/usage.csv')).status).toBe(404);
  expect((await call(api, null, 'GET', '/teams/default/usage.csv')).status).toBe(401);
});
