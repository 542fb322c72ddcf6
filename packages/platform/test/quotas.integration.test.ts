import { expect, it } from 'vitest';
import { createApp } from '../src/apps/create-app.js';
import { finishBuild } from '../src/builds/finish-build.js';
import { startBuild } from '../src/builds/start-build.js';
import { saveLedger } from '../src/disk/save-ledger.js';
import { scaleFormation } from '../src/formation/scale-formation.js';
import { getQuota } from '../src/quotas/get-quota.js';
import { setEnvironmentQuota, setTeamQuota } from '../src/quotas/set-quota.js';
import { startRelease } from '../src/releases/start-release.js';
import { createTeam } from '../src/teams/create-team.js';
import { deploy, image, push, release, worldWithApp } from './open-world.js';

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
  await expect(
    setEnvironmentQuota(platform, { actor: admin, ...of, limits: { environments: 5 } }),
  ).rejects.toMatchObject({
    code: 'invalid_params',
  });
});

it("the first quantities of an app's files must fit, else the release says what is missing; what runs goes on", async () => {
  const { world, app, who } = here;
  const { platform, owner: actor } = world;
  const { db } = platform;
  const { taken } = await getQuota(platform, { actor, team });
  const build = async (commit: string, quantity: number) => {
    const { buildId } = await push(platform, actor, app.id, commit);
    const lease = await world.lease();
    await startBuild(platform, { buildId: buildId ?? '', lease });
    const [web] = image(commit).processTypes;
    const built = { ...image(commit), processTypes: [{ ...web!, quantity }] };
    const { releaseId } = (await finishBuild(platform, { buildId: buildId ?? '', lease, image: built })) ?? {};
    await release(world, releaseId ?? '');
    return db.release.findUniqueOrThrow({ where: { id: releaseId ?? '' } });
  };
  // The new app counts as one already.
  await setTeamQuota(platform, { actor, team, limits: { memoryMiB: taken.memoryMiB + 1_024 } });
  try {
    expect(await build('many', 4)).toMatchObject({
      status: 'failed',
      errorCode: 'quota_exceeded',
      errorMessage: `Team default is at its quota: ${taken.memoryMiB} of ${taken.memoryMiB + 1_024} MiB of memory are taken and 1536 more are asked for.`,
    });
    expect(await build('fewer', 3)).toMatchObject({ status: 'succeeded' });
    expect((await getQuota(platform, { actor, team })).taken.memoryMiB).toBe(taken.memoryMiB + 1_024);
    // Known process types keep what they were scaled to: nothing is added.
    expect(await build('later', 50)).toMatchObject({ status: 'succeeded' });
    await scaleFormation(platform, { ...who, changes: [{ processType: 'web', quantity: 1 }] });
  } finally {
    await setTeamQuota(platform, { actor, team, limits: {} });
  }
});

it('counts what a release under way brings along, so that two do not fit together that fit one by one', async () => {
  const { world, app } = here;
  const { platform, owner: actor } = world;
  const before = await takenNow();
  const { buildId } = await push(platform, actor, app.id, 'two');
  const lease = await world.lease();
  await startBuild(platform, { buildId: buildId ?? '', lease });
  const [web] = image('two').processTypes;
  const built = { ...image('two'), processTypes: [{ ...web!, quantity: 3 }] };
  const { releaseId } = (await finishBuild(platform, { buildId: buildId ?? '', lease, image: built })) ?? {};
  expect((await takenNow()).memoryMiB).toBe(before.memoryMiB);
  await startRelease(platform, { releaseId: releaseId ?? '', lease: await world.lease() });
  expect((await takenNow()).memoryMiB).toBe(before.memoryMiB + 1_024);
});

it('the disk of a team is what the newest ledger counts as its own', async () => {
  const { platform } = here.world;
  const MiB = 1024 * 1024;
  const entry = {
    ...{ kind: 'image' as const, name: 'x', app: null, reason: '', sharedBytes: 0, sharers: [], isOver: false },
  };
  const entries = [
    { ...entry, team, bytes: 3 * MiB, within: null },
    { ...entry, team, bytes: 4 * MiB, within: null },
    { ...entry, team, bytes: 9 * MiB, within: 'volume' },
    { ...entry, team: 'others', bytes: 5 * MiB, within: null },
    { ...entry, team: null, bytes: 5 * MiB, within: null },
  ];
  await saveLedger(platform, {
    ledger: { totalBytes: 1, freeBytes: 1, usedBytes: 1, reclaimableBytes: 0, entries },
  });
  expect((await takenNow()).diskMiB).toBe(7);
  await createTeam(platform, { actor: here.world.owner, name: 'constructor' });
  const named = await getQuota(platform, { actor: here.world.owner, team: 'constructor' });
  expect(named.taken.diskMiB).toBe(0);
});

it('the disk of an environment is what is counted at its apps; a push to a full one is refused', async () => {
  const { world, app } = here;
  const { platform, owner: actor } = world;
  const MiB = 1024 * 1024;
  const entry = { ...{ kind: 'volume' as const, name: 'x', reason: '', sharedBytes: 0, sharers: [] }, isOver: false };
  const entries = [
    { ...entry, team, app: app.name, bytes: 6 * MiB, within: null },
    { ...entry, team, app: 'elsewhere', bytes: 9 * MiB, within: null },
  ];
  await saveLedger(platform, { ledger: { totalBytes: 1, freeBytes: 1, usedBytes: 1, reclaimableBytes: 0, entries } });
  const { environment: found } = await platform.db.app.findUniqueOrThrow({
    where: { id: app.id },
    select: { environment: { select: { name: true } } },
  });
  const of = { actor, team, environment: found.name };
  await setEnvironmentQuota(platform, { ...of, limits: { diskMiB: 6 } });
  expect(await getQuota(platform, of)).toMatchObject({ limits: { diskMiB: 6 }, taken: { diskMiB: 6 } });
  await expect(push(platform, actor, app.id, 'full')).rejects.toMatchObject({
    code: 'quota_exceeded',
    message: expect.stringContaining(`Environment ${found.name} is at its quota: 6 of 6 MiB of disk are taken`),
  });
  await setEnvironmentQuota(platform, { ...of, limits: {} });
  await push(platform, actor, app.id, 'room');
});
