import { expect, it } from 'vitest';
import { forgetHistory } from '../src/collections/forget-history.js';
import { addUsage } from '../src/usage/add-usage.js';
import { findAppsOf } from '../src/usage/find-apps-of.js';
import { getUsage } from '../src/usage/get-usage.js';
import { deploy, worldWithApp } from './open-world.js';

const here = worldWithApp();

it('is kept for a year and a month', async () => {
  const { platform } = here.world;
  const row = { appId: 'gone', teamId: 'gone', environment: 'daily', app: 'gone' };
  const dayMs = 24 * 3_600_000;
  for (const days of [399, 401])
    await platform.db.usageHour.create({ data: { ...row, hour: new Date(Date.now() - days * dayMs) } });
  expect(await forgetHistory(platform)).toMatchObject({ usage: 1 });
  expect(await platform.db.usageHour.count({ where: { appId: 'gone' } })).toBe(1);
});

it('is summed by app and month, whoever adds it, and outlives the app', async () => {
  const { world, app } = here;
  const { platform, owner: actor } = world;
  await deploy(world, app.id, 'usage');
  const rollout = await platform.db.rollout.findFirstOrThrow({ where: { appId: app.id } });
  const instance = { appId: app.id, rolloutId: rollout.id, processType: 'web' };
  for (const index of [1, 2])
    await platform.db.instance.upsert({
      where: { rolloutId_processType_index: { rolloutId: rollout.id, processType: 'web', index } },
      update: { containerId: `c${index}` },
      create: { ...instance, index, containerId: `c${index}` },
    });
  const entry = { cpuMs: 1_800_000, memoryMiBSeconds: 1_024 * 1_800, awakeSeconds: 1_800, asleepSeconds: 0 };
  const add = async (at: string, containerId: string) => {
    const appOf = await findAppsOf(platform, [containerId]);
    await addUsage(platform, { at: new Date(at), entries: [{ containerId, ...entry }], appOf });
  };
  await Promise.all([
    add('2026-11-30T23:59:00Z', 'c1'),
    add('2026-11-30T23:59:30Z', 'c2'),
    add('2026-11-01T00:00:00Z', 'c1'),
    add('2026-12-01T00:00:00Z', 'c1'),
    add('2026-11-15T00:00:00Z', 'nobody'),
  ]);
  await platform.db.app.update({ where: { id: app.id }, data: { name: `${app.name}-new` } });
  await platform.db.instance.deleteMany({ where: { appId: app.id } });

  const of = async (month: string) =>
    (await getUsage(platform, { actor, team: 'default', month })).filter((row) => row.app === app.name);
  expect(await of('2026-11')).toMatchObject([{ cpuHours: 1.5, gibHours: 1.5, awakeHours: 1.5, asleepHours: 0 }]);
  expect(await of('2026-12')).toMatchObject([{ cpuHours: 0.5 }]);
  await expect(of('2026-13')).rejects.toMatchObject({ code: 'invalid_params' });
  await expect(
    getUsage(platform, { actor: await world.addUser(null), team: 'default', month: '2026-11' }),
  ).rejects.toMatchObject({ code: 'not_found' });
});
