import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from './start-test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
}, 60_000);
afterAll(() => api?.stop());

test('a volume gets a larger plan as heroku addons:upgrade asks for it, and no smaller one', async () => {
  const { name } = await api.newApp('with-disk');
  const made = await api.ask('POST', `/apps/${name}/addons`, { plan: 'berth-volume:2gb' });
  expect([made.status, made.body.plan.name]).toEqual([201, 'berth-volume:2gb']);
  const upgrade = (plan: string) =>
    api.ask('PATCH', `/apps/${name}/addons/${made.body.name}`, { plan: { name: `berth-volume:${plan}` } });
  expect((await upgrade('5gb')).body).toMatchObject({ id: 'conflict' }); // it is not there yet
  await api.platform.db.addOn.update({ where: { id: made.body.id }, data: { status: 'provisioned' } });
  const larger = await upgrade('5gb');
  expect([larger.status, larger.body]).toMatchObject([
    200,
    { plan: { name: 'berth-volume:2gb' }, wanted_plan: '5gb', state: 'provisioned' },
  ]);
  expect(larger.body.provision_message).toMatch(/^It grows to 5gb as soon as no container that runs has it: .+\.$/);
  const smaller = await upgrade('1gb');
  expect([smaller.status, smaller.body.message]).toEqual([
    422,
    `Volume ${made.body.name} grows to 5gb already: a volume can only grow.`,
  ]);
  const withdrawn = await upgrade('2gb');
  expect([withdrawn.status, withdrawn.body]).toMatchObject([
    200,
    { plan: { name: 'berth-volume:2gb' }, wanted_plan: null },
  ]);
});
