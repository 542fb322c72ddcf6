import { randomUUID } from 'node:crypto';
import { plain, sumLedger } from '@berth/domain/disk-ledger';
import { describe, expect, it } from 'vitest';
import { attachAddOn } from '../src/add-ons/attach-add-on.js';
import { createAddOn } from '../src/add-ons/create-add-on.js';
import { detachAddOn } from '../src/add-ons/detach-add-on.js';
import { finishGrowth } from '../src/add-ons/finish-growth.js';
import { finishProvision } from '../src/add-ons/finish-provision.js';
import { getAddOn } from '../src/add-ons/get-add-on.js';
import { growVolume } from '../src/add-ons/grow-volume.js';
import { prepareProjectData } from '../src/add-ons/prepare-project-data.js';
import { readGrowth } from '../src/add-ons/read-growth.js';
import { rotateCredentials } from '../src/add-ons/rotate-credentials.js';
import { startProvision } from '../src/add-ons/start-provision.js';
import { createApp } from '../src/apps/create-app.js';
import { getConfigVars } from '../src/config-vars/get-config-vars.js';
import { saveLedger } from '../src/disk/save-ledger.js';
import { changeEnvironment } from '../src/environments/change-environment.js';
import { listWanted } from '../src/instances/list-wanted.js';
import { transaction } from '../src/platform.js';
import { setTeamQuota } from '../src/quotas/set-quota.js';
import { deploy, release, worldWithApp } from './open-world.js';

const here = worldWithApp();
const platform = () => here.world.platform;
const actor = () => here.world.owner;
const create = (more: Partial<Parameters<typeof createAddOn>[1]> = {}) =>
  createAddOn(platform(), { ...here.who, plan: 'berth-volume:2gb', ...more });
const provision = async (addOnId: string, sizeBytes?: number) =>
  finishProvision(platform(), { addOnId, lease: await here.world.lease(randomUUID()), sizeBytes });
const newest = (appId: string) =>
  platform().db.release.findFirstOrThrow({ where: { appId }, orderBy: { version: 'desc' } });

describe('a volume', () => {
  it('is made, and is in the app’s containers from the release on that waited for it', async () => {
    await deploy(here.world, here.app.id, 'one');
    const addOn = await create({ path: '/app/storage' });
    expect(addOn).toMatchObject({ plan: '2gb', mountPath: '/app/storage', configVars: ['VOLUME_URL'] });
    expect(await startProvision(platform(), { addOnId: addOn.id })).toMatchObject({
      ...{ key: addOn.database, copyOf: null, plan: { sizeBytes: 2 * 1024 ** 3 } },
    });
    const volumes = async () => (await listWanted(platform(), { appId: here.app.id })).apps[0]?.app.volumes;
    expect(await volumes()).toEqual([]); // it is not there yet
    await provision(addOn.id);
    await release(here.world, (await newest(here.app.id)).id);
    expect(await volumes()).toEqual([{ key: addOn.database, path: '/app/storage' }]);
    const vars = await getConfigVars(platform(), { actor: actor(), app: here.app.id });
    expect(vars.VOLUME_URL).toBe('file:///app/storage');
  });

  it('lies beside the others of its app, where an app may have one', async () => {
    await create();
    await expect(create({ path: '/data/more' })).rejects.toThrow('has a volume at /data already: choose another path.');
    await expect(create({ path: '/etc' })).rejects.toThrow('/etc is not for volumes');
    await expect(create({ plan: 'heroku-redis', path: '/data' })).rejects.toThrow('Only a volume has a path.');
    expect(await create({ path: '/other' })).toMatchObject({ configVars: ['VOLUME_2_URL'] });
  });

  it('is one app’s only, and has no password', async () => {
    const addOn = await create();
    await provision(addOn.id);
    const other = await createApp(platform(), { actor: actor() });
    const attach = (app: string) => attachAddOn(platform(), { actor: actor(), app, addOn: addOn.name });
    await expect(attach(other.id)).rejects.toThrow('A volume is one app’s only');
    const of = { actor: actor(), addOn: addOn.name };
    await expect(rotateCredentials(platform(), of)).rejects.toThrow('is a volume: it has no password.');
    await detachAddOn(platform(), { actor: actor(), attachment: addOn.attachments[0]?.id ?? '' });
    expect(await attach(here.app.id)).toMatchObject({ name: 'VOLUME' });
  });

  it('is to fit whole into its team’s quota of disk', async () => {
    const limits = (diskMiB?: number) =>
      setTeamQuota(platform(), { actor: actor(), team: 'default', limits: diskMiB === undefined ? {} : { diskMiB } });
    await limits(1_024);
    try {
      await expect(create()).rejects.toThrow('2048 more are asked for');
    } finally {
      await limits();
    }
  });

  it('grows to a larger plan and never shrinks; the size that it waits for is seen', async () => {
    const addOn = await create();
    const grow = (plan: string, by = actor()) => growVolume(platform(), { actor: by, addOn: addOn.name, plan });
    const growth = () => readGrowth(platform(), { addOnId: addOn.id });
    const finish = async (plan: string, errorMessage?: string) => {
      const done = { addOnId: addOn.id, plan, lease: await here.world.lease(randomUUID()) };
      await finishGrowth(platform(), { ...done, ...(errorMessage === undefined ? {} : { errorMessage }) });
      return getAddOn(platform(), { actor: actor(), addOn: addOn.id });
    };
    await expect(grow('berth-volume:5gb')).rejects.toThrow('is provisioning');
    await provision(addOn.id);
    for (const plan of ['berth-volume:1gb', 'berth-volume:2gb'])
      await expect(grow(plan)).rejects.toThrow(`Volume ${addOn.name} has 2gb already: a volume can only grow.`);
    await expect(grow('heroku-redis:mini')).rejects.toThrow('Only a volume gets another plan');
    await expect(grow('berth-volume:1001gb')).rejects.toThrow('A volume has between 1gb and 1000gb.');
    await expect(grow('berth-volume:5gb', await here.world.addUser('viewer'))).rejects.toThrow('does not allow this');
    expect(await growth()).toBeUndefined();

    expect(await grow('berth-volume:5gb')).toMatchObject({ plan: '2gb', wantedPlan: '5gb' });
    await expect(grow('berth-volume:4gb')).rejects.toThrow('grows to 5gb already');
    await grow('berth-volume:7gb');
    expect(await finish('5gb')).toMatchObject({ plan: '5gb', wantedPlan: '7gb' }); // the last wish was made meanwhile
    expect(await growth()).toMatchObject({ key: addOn.database, plan: '7gb', sizeBytes: 7 * 1024 ** 3 });
    expect(await finish('7gb', 'The disk is full.')).toMatchObject({ plan: '5gb', wantedPlan: null });
    await grow('berth-volume:7gb');
    await expect(grow('berth-volume:6gb')).rejects.toThrow('grows to 7gb already');
    expect(await finish('7gb')).toMatchObject({
      plan: '7gb',
      wantedPlan: null,
      errorMessage: null,
      status: 'provisioned',
    });
  });

  it('no longer grows when the plan that it has is asked for; what has grown by then stays', async () => {
    const addOn = await create();
    await provision(addOn.id);
    const grow = (plan: string) =>
      growVolume(platform(), { actor: actor(), addOn: addOn.name, plan: `berth-volume:${plan}` });
    const finish = async (plan: string, errorMessage?: string) => {
      const done = { addOnId: addOn.id, plan, lease: await here.world.lease(randomUUID()) };
      await finishGrowth(platform(), { ...done, ...(errorMessage === undefined ? {} : { errorMessage }) });
      return getAddOn(platform(), { actor: actor(), addOn: addOn.id });
    };
    await grow('5gb');
    expect(await grow('2gb')).toMatchObject({ plan: '2gb', wantedPlan: null, status: 'provisioned' });
    expect(await readGrowth(platform(), { addOnId: addOn.id })).toBeUndefined();
    const events = await platform().db.event.findMany({
      where: { nounId: addOn.id, name: { startsWith: 'add-on.grow' } },
    });
    expect(events.map(({ name }) => name).sort()).toEqual(['add-on.growing', 'add-on.growth-withdrawn']);
    await expect(grow('2gb')).rejects.toThrow(`Volume ${addOn.name} has 2gb already: a volume can only grow.`);
    expect(await finish('5gb', 'The disk is full.')).toMatchObject({ plan: '2gb', errorMessage: null }); // nobody waits for it
    await grow('4gb'); // smaller than what the job is about
    expect(await finish('5gb')).toMatchObject({ plan: '5gb', wantedPlan: null });
    await grow('7gb');
    await grow('5gb');
    expect(await finish('7gb')).toMatchObject({ plan: '7gb', wantedPlan: null }); // withdrawn too late
  });

  it('does not grow past its environment’s policy', async () => {
    const app = await createApp(platform(), { actor: actor(), environment: 'qa' });
    const addOn = await create({ app: app.id });
    await provision(addOn.id);
    const policy = (freeze: { reason: string; until: null } | null) =>
      changeEnvironment(platform(), { actor: actor(), team: 'default', environment: 'qa', policy: { freeze } });
    const grow = () => growVolume(platform(), { actor: actor(), addOn: addOn.name, plan: 'berth-volume:5gb' });
    await policy({ reason: 'Audit', until: null });
    try {
      await expect(grow()).rejects.toMatchObject({ code: 'forbidden', message: 'qa is frozen: Audit.' });
    } finally {
      await policy(null);
    }
    expect(await grow()).toMatchObject({ wantedPlan: '5gb' });
  });

  it('grows as far as its team’s quota of disk goes, of which it has what it holds', async () => {
    const addOn = await create();
    await provision(addOn.id);
    const [MiB, team] = [1024 * 1024, 'default'];
    const entry = plain('volume', addOn.name, 'a volume of an app', 512 * MiB, false, { team });
    await saveLedger(platform(), { ledger: sumLedger({ totalBytes: 0, freeBytes: 0 }, [entry]) });
    const grow = () => growVolume(platform(), { actor: actor(), addOn: addOn.name, plan: 'berth-volume:5gb' });
    try {
      await setTeamQuota(platform(), { actor: actor(), team, limits: { diskMiB: 5_119 } });
      await expect(grow()).rejects.toThrow('512 of 5119 MiB of disk are taken and 4608 more are asked for');
      await setTeamQuota(platform(), { actor: actor(), team, limits: { diskMiB: 5_120 } });
      expect(await grow()).toMatchObject({ wantedPlan: '5gb' });
    } finally {
      await setTeamQuota(platform(), { actor: actor(), team, limits: {} });
    }
  });

  it.each([
    ['share', false],
    ['empty', false],
    ['copy', true],
  ] as const)('of a project environment whose policy is %s is its own (copied: %s)', async (policy, isCopy) => {
    const { db } = platform();
    const addOn = await create();
    const base = await db.app.findUniqueOrThrow({ where: { id: here.app.id } });
    const row = { teamId: base.teamId, kind: 'project' as const, baseId: base.environmentId, data: { policy } };
    const environment = await db.environment.create({ data: { ...row, name: `p-${randomUUID().slice(0, 8)}` } });
    const { id: appId } = await createApp(platform(), { actor: actor() });
    await db.app.update({ where: { id: appId }, data: { environmentId: environment.id } });
    const of = { appId, baseAppId: base.id, environmentId: environment.id, userId: actor().userId };
    await transaction(platform(), (tx, after) => prepareProjectData(platform(), tx, after, of));
    const own = await db.addOn.findFirstOrThrow({ where: { appId } });
    expect(own).toMatchObject({ insteadOfId: addOn.id, mountPath: '/data', plan: '2gb' });
    expect(await startProvision(platform(), { addOnId: own.id })).toMatchObject({
      copyOf: isCopy ? { key: addOn.database, appId: here.app.id } : null,
    });
    await provision(own.id, 5 * 1024 ** 3); // what it copies grew meanwhile
    const made = await getAddOn(platform(), { actor: actor(), addOn: own.id });
    expect(made).toMatchObject({ plan: '5gb', status: 'provisioned' });
  });
});
