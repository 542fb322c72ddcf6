import { expect, it } from 'vitest';
import { forgetHistory } from '../src/collections/forget-history.js';
import { addUsage } from '../src/usage/add-usage.js';
import { findAppsOf } from '../src/usage/find-apps-of.js';
import { findAppsOfOthers } from '../src/usage/find-apps-of-others.js';
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
    await addUsage(platform, { at: new Date(at), entries: [{ containerId, ...entry }], appOf, others: new Map() });
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

it('counts one-offs and Redis servers for the app that they belong to, without hours awake', async () => {
  const { world, app } = here;
  const { platform, owner: actor } = world;
  const { id: teamId } = await platform.db.team.findUniqueOrThrow({ where: { name: 'default' } });
  await platform.db.addOn.create({
    data: {
      ...{ teamId, appId: app.id, name: 'redis-metered', service: 'heroku-redis', plan: 'mini' },
      ...{ status: 'provisioned', database: 'metered', createdById: actor.userId },
    },
  });
  const others = await findAppsOfOthers(platform, [
    { containerId: 'redis', redisKey: 'metered' },
    { containerId: 'one-off', appId: app.id },
    { containerId: 'left', redisKey: 'gone' },
  ]);
  const entry = { cpuMs: 1_800_000, memoryMiBSeconds: 1_024 * 1_800, awakeSeconds: 1_800, asleepSeconds: 0 };
  const entries = ['redis', 'one-off', 'left', 'build'].map((containerId) => ({ containerId, ...entry }));
  await addUsage(platform, { at: new Date('2026-10-15T00:00:00Z'), entries, appOf: new Map(), others });
  expect(await getUsage(platform, { actor, team: 'default', month: '2026-10' })).toMatchObject([
    { app: app.name, cpuHours: 1, gibHours: 1, awakeHours: 0, asleepHours: 0 },
  ]);
});
