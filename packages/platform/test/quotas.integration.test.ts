import { expect, it } from 'vitest';
import { createApp } from '../src/apps/create-app.js';
import { scaleFormation } from '../src/formation/scale-formation.js';
import { getQuota } from '../src/quotas/get-quota.js';
import { setEnvironmentQuota, setTeamQuota } from '../src/quotas/set-quota.js';
import { deploy, worldWithApp } from './open-world.js';

const here = worldWithApp();
const team = 'default';

/** The limits that are just taken, for the test to add to. */
async function takenNow() {
  const { platform, owner } = here.world;
  return (await getQuota(platform, { actor: owner, team })).taken;
}

it('a team at its quota makes no further app, and of ten at once only those that fit', async () => {
  const { platform, owner: actor } = here.world;
  const { apps } = await takenNow();
  await setTeamQuota(platform, { actor, team, limits: { apps: apps + 3 } });
  const tries = await Promise.allSettled(Array.from({ length: 10 }, () => createApp(platform, { actor })));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  await expect(createApp(platform, { actor })).rejects.toMatchObject({
    code: 'quota_exceeded',
    message: `Team default is at its quota: ${apps + 3} of ${apps + 3} apps are taken and 1 more are asked for.`,
  });
  await setTeamQuota(platform, { actor, team, limits: {} });
  await createApp(platform, { actor });
});

it('scaling up stops at the memory of the environment; scaling down is always possible', async () => {
  const { world, app, who } = here;
  const { platform, owner: actor } = world;
  await deploy(world, app.id, 'quota', ['web', 'worker']);
  const environment = (
    await platform.db.environment.findFirstOrThrow({
      where: { apps: { some: { id: app.id } } },
      select: { name: true },
    })
  ).name;
  const { taken } = await getQuota(platform, { actor, team, environment });
  const limits = { memoryMiB: taken.memoryMiB + 1_024 };
  await setEnvironmentQuota(platform, { actor, team, environment, limits });
  const scale = (quantity: number) =>
    scaleFormation(platform, { ...who, changes: [{ processType: 'worker', quantity }] });
  await scale(2);
  await expect(scale(3)).rejects.toMatchObject({ code: 'quota_exceeded' });
  await expect(
    scaleFormation(platform, { ...who, changes: [{ processType: 'web', size: 'standard-2x' }] }),
  ).rejects.toMatchObject({ code: 'quota_exceeded' });
  await setEnvironmentQuota(platform, { actor, team, environment, limits: { memoryMiB: 1 } });
  await scale(1);
  await setEnvironmentQuota(platform, { actor, team, environment, limits: {} });
});

it('teams get room from owners of the installation only, and environments from admins of their team', async () => {
  const { platform, addUser } = here.world;
  const [admin, member] = [await addUser('admin'), await addUser('member')];
  const limits = { apps: 1_000 };
  await expect(setTeamQuota(platform, { actor: admin, team, limits })).rejects.toMatchObject({ code: 'forbidden' });
  const { environment } = await platform.db.app.findUniqueOrThrow({
    where: { id: here.app.id },
    select: { environment: { select: { name: true } } },
  });
  const of = { team, environment: environment.name, limits };
  await setEnvironmentQuota(platform, { actor: admin, ...of });
  await expect(setEnvironmentQuota(platform, { actor: member, ...of })).rejects.toMatchObject({ code: 'forbidden' });
  await expect(setEnvironmentQuota(platform, { actor: admin, ...of, limits: { diskMiB: 5 } })).rejects.toMatchObject({
    code: 'invalid_params',
  });
});
