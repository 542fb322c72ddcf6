import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { activateCredential } from '../src/add-ons/activate-credential.js';
import { attachAddOn } from '../src/add-ons/attach-add-on.js';
import { createAddOn } from '../src/add-ons/create-add-on.js';
import { destroyAddOn } from '../src/add-ons/destroy-add-on.js';
import { detachAddOn } from '../src/add-ons/detach-add-on.js';
import { finishProvision } from '../src/add-ons/finish-provision.js';
import { forgetAddOn } from '../src/add-ons/forget-add-on.js';
import { forgetCredential } from '../src/add-ons/forget-credential.js';
import { getAddOn } from '../src/add-ons/get-add-on.js';
import { listAddOns } from '../src/add-ons/list-add-ons.js';
import { prepareProjectData } from '../src/add-ons/prepare-project-data.js';
import { checkProjectData, projectData } from '../src/add-ons/project-data.js';
import { readDestroyedAddOn } from '../src/add-ons/read-destroyed-add-on.js';
import { readRotation } from '../src/add-ons/read-rotation.js';
import { resolveAddOns } from '../src/add-ons/resolve-add-ons.js';
import { rotateCredentials } from '../src/add-ons/rotate-credentials.js';
import { type ProvisionWork, startProvision } from '../src/add-ons/start-provision.js';
import { createApp } from '../src/apps/create-app.js';
import { destroyApp } from '../src/apps/destroy-app.js';
import { getConfigVars } from '../src/config-vars/get-config-vars.js';
import { setConfigVars } from '../src/config-vars/set-config-vars.js';
import { spreadConfig } from '../src/config-vars/spread-config.js';
import { changeEnvironment } from '../src/environments/change-environment.js';
import { transaction } from '../src/platform.js';
import { getReleaseConfig } from '../src/releases/get-release-config.js';
import { startRelease } from '../src/releases/start-release.js';
import { deploy, release, worldWithApp } from './open-world.js';

const here = worldWithApp();
const platform = () => here.world.platform;
const actor = () => here.world.owner;
const newLease = () => here.world.lease(randomUUID());
const create = (more: Partial<Parameters<typeof createAddOn>[1]> = {}) =>
  createAddOn(platform(), { ...here.who, plan: 'heroku-postgresql', ...more });
const varsOf = (app: string) => getConfigVars(platform(), { actor: actor(), app });
const provision = async (addOnId: string, errorMessage?: string) =>
  finishProvision(platform(), { addOnId, lease: await newLease(), ...(errorMessage ? { errorMessage } : {}) });
const newest = (appId: string) =>
  platform().db.release.findFirstOrThrow({ where: { appId }, orderBy: { version: 'desc' } });

async function spread(): Promise<void> {
  const { db } = platform();
  for (const job of await db.outbox.findMany({ where: { name: 'config.spread', doneAt: null } })) {
    const payload = job.payload as unknown as Parameters<typeof spreadConfig>[1];
    await spreadConfig(platform(), { ...payload, lease: await newLease() });
    await db.outbox.update({ where: { id: job.id }, data: { doneAt: new Date() } });
  }
}

describe('an add-on', () => {
  it('is in the config at once by its attachment, and a release waits until it is there', async () => {
    await deploy(here.world, here.app.id, 'one');
    const addOn = await create();
    expect(addOn).toMatchObject({ status: 'provisioning', plan: 'essential-0', configVars: ['DATABASE_URL'] });
    const work = (await startProvision(platform(), { addOnId: addOn.id })) as ProvisionWork;
    const { DATABASE_URL } = await varsOf(here.app.name);
    expect(DATABASE_URL).toBe(`postgres://${work.user}:${work.password}@data.internal:5432/${work.database}`);
    expect(await platform().db.configVar.count({ where: { appId: here.app.id } })).toBe(0);
    const { id: releaseId, version } = await newest(here.app.id);
    const config = await getReleaseConfig(platform(), { ...here.who, version });
    expect(config.DATABASE_URL).toBe(DATABASE_URL);
    const start = async () => startRelease(platform(), { releaseId, lease: await newLease() });
    await expect(start()).rejects.toThrow('is being made');
    await provision(addOn.id);
    expect((await start())?.release.id).toBe(releaseId);
    expect(await startProvision(platform(), { addOnId: addOn.id })).toBeUndefined();
  });

  it('that cannot be made ends the release that waits with its sentence; the old one stays', async () => {
    const { releaseId: live } = await deploy(here.world, here.app.id, 'one');
    const addOn = await create();
    await provision(addOn.id, 'The disk is full.');
    const { id: releaseId } = await newest(here.app.id);
    expect(await startRelease(platform(), { releaseId, lease: await newLease() })).toBeUndefined();
    const failed = await platform().db.release.findUniqueOrThrow({ where: { id: releaseId } });
    expect(failed).toMatchObject({ status: 'failed', errorCode: 'add_on_failed' });
    expect(failed.errorMessage).toContain(`Add-on ${addOn.name} could not be made: The disk is full.`);
    const app = await platform().db.app.findUniqueOrThrow({ where: { id: here.app.id } });
    expect(app.currentReleaseId).toBe(live);
  });

  it('names its second attachment by a number, and refuses names and vars that are taken', async () => {
    await setConfigVars(platform(), { ...here.who, changes: { MINE_URL: 'x' } });
    await create();
    expect((await create()).configVars).toEqual(['DATABASE_2_URL']);
    await expect(create({ as: 'DATABASE' })).rejects.toThrow('has DATABASE_URL already');
    await expect(create({ as: 'MINE' })).rejects.toThrow('has MINE_URL already');
    await expect(create({ plan: 'heroku-postgresql:huge' })).rejects.toThrow('there are essential-0, standard-0');
    const changes = { DATABASE_URL: 'mine' };
    await expect(setConfigVars(platform(), { ...here.who, changes })).rejects.toThrow(
      'Cannot overwrite attachment values',
    );
  });

  it('is attached to another app of its team, found by the CLI’s words, and detached', async () => {
    const addOn = await create();
    const other = await createApp(platform(), { actor: actor() });
    const attachment = await attachAddOn(platform(), {
      actor: actor(),
      app: other.id,
      addOn: addOn.name,
      name: 'SHARED',
    });
    expect((await varsOf(other.name)).SHARED_URL).toBe((await varsOf(here.app.name)).DATABASE_URL);
    for (const word of [
      addOn.name,
      addOn.id,
      'heroku-postgresql',
      'DATABASE',
      'DATABASE_URL',
      `${other.name}::SHARED`,
    ]) {
      const found = await resolveAddOns(platform(), { actor: actor(), app: here.app.name, addOn: word });
      expect(found.map(({ id }) => id)).toEqual([addOn.id]);
    }
    await detachAddOn(platform(), { actor: actor(), attachment: attachment.id });
    expect(await varsOf(other.name)).toEqual({});
    expect((await newest(other.id)).description).toBe(`Detach SHARED (${addOn.name})`);
  });

  it('is nobody’s when it is destroyed: vars go by a release each, data by a job, then the row', async () => {
    const addOn = await create();
    await provision(addOn.id);
    const other = await createApp(platform(), { actor: actor() });
    await deploy(here.world, other.id, 'other');
    await attachAddOn(platform(), { actor: actor(), app: other.id, addOn: addOn.id });
    await destroyAddOn(platform(), { actor: actor(), addOn: addOn.name });
    await spread();
    expect((await newest(other.id)).description).toBe(`Remove ${addOn.name}`);
    expect(await varsOf(other.name)).toEqual({});
    expect(await listAddOns(platform(), { actor: actor(), app: other.id })).toEqual([]);
    const left = await readDestroyedAddOn(platform(), { addOnId: addOn.id });
    expect(left).toMatchObject({ database: addOn.database, users: [expect.stringMatching(/^u_/)] });
    await forgetAddOn(platform(), { addOnId: addOn.id, lease: await newLease() });
    expect(await readDestroyedAddOn(platform(), { addOnId: addOn.id })).toBeUndefined();
  });

  it('gets another password by a release each; the older one is kept until no release that has it runs', async () => {
    await deploy(here.world, here.app.id, 'one');
    const addOn = await create();
    await provision(addOn.id);
    await release(here.world, (await newest(here.app.id)).id);
    const before = (await varsOf(here.app.name)).DATABASE_URL ?? '';
    const of = { actor: actor(), addOn: addOn.name };
    expect(await rotateCredentials(platform(), of)).toMatchObject({ isRotating: true });
    await expect(rotateCredentials(platform(), of)).rejects.toThrow('is not over');
    expect((await varsOf(here.app.name)).DATABASE_URL).toBe(before); // the new role is not there yet
    const read = () => readRotation(platform(), { addOnId: addOn.id });
    const { pending } = (await read()) ?? {};
    const activate = { addOnId: addOn.id, userId: actor().userId };
    for (let twice = 0; twice < 2; twice += 1)
      await activateCredential(platform(), { ...activate, lease: await newLease() });
    expect((await varsOf(here.app.name)).DATABASE_URL).toContain(`${pending?.user}:${pending?.password}@`);
    expect(await read()).toMatchObject({ pending: undefined, retiring: { isInUse: true } });
    await spread();
    expect(await read()).toMatchObject({ retiring: { isInUse: true } }); // the release with the new one has not rolled out
    const { id } = await newest(here.app.id);
    await release(here.world, id);
    await platform().db.rollout.updateMany({ where: { releaseId: { not: id } }, data: { retiredAt: new Date() } });
    const { retiring } = (await read()) ?? {};
    expect(retiring?.isInUse).toBe(false);
    expect(before).toContain(`//${retiring?.user}:`);
    await forgetCredential(platform(), { addOnId: addOn.id, user: retiring?.user ?? '', lease: await newLease() });
    expect(await getAddOn(platform(), of)).toMatchObject({ isRotating: false });
  });

  it('is neither rotated nor destroyed past the policy of an app that has it', async () => {
    const addOn = await create();
    await provision(addOn.id);
    const other = await createApp(platform(), { actor: actor(), environment: 'qa' });
    await attachAddOn(platform(), { actor: actor(), app: other.id, addOn: addOn.id });
    const policy = (freeze: { reason: string; until: null } | null) =>
      changeEnvironment(platform(), { actor: actor(), team: 'default', environment: 'qa', policy: { freeze } });
    const of = { actor: actor(), addOn: addOn.name };
    await policy({ reason: 'Audit', until: null });
    try {
      const refused = {
        code: 'forbidden',
        message: `${other.name} has ${addOn.name} and would be released: qa is frozen: Audit.`,
      };
      await expect(rotateCredentials(platform(), of)).rejects.toMatchObject(refused);
      await expect(destroyAddOn(platform(), of)).rejects.toMatchObject(refused);
    } finally {
      await policy(null);
    }
    expect(await rotateCredentials(platform(), of)).toMatchObject({ isRotating: true });
  });

  it('goes with its app, and is not found by people of other teams', async () => {
    const stranger = await here.world.addUser(null);
    const addOn = await create();
    await expect(destroyAddOn(platform(), { actor: stranger, addOn: addOn.id })).rejects.toThrow(
      "Couldn't find that add_on",
    );
    const member = await here.world.addUser('member');
    await expect(destroyAddOn(platform(), { actor: member, addOn: addOn.id })).rejects.toThrow('does not allow this');
    await destroyApp(platform(), here.who);
    const row = await platform().db.addOn.findUniqueOrThrow({ where: { id: addOn.id } });
    expect(row.status).toBe('deprovisioning');
  });
});

describe('a project environment', () => {
  async function project(data: unknown) {
    const { db } = platform();
    const base = await db.app.findUniqueOrThrow({ where: { id: here.app.id } });
    const row = { teamId: base.teamId, kind: 'project' as const, baseId: base.environmentId, data: data as object };
    const environment = await db.environment.create({ data: { ...row, name: `p-${randomUUID().slice(0, 8)}` } });
    const apps: string[] = [];
    for (let n = 0; n < 2; n += 1) {
      const { id } = await createApp(platform(), { actor: actor() });
      await db.app.update({ where: { id }, data: { environmentId: environment.id } });
      const of = { appId: id, baseAppId: base.id, environmentId: environment.id, userId: actor().userId };
      await transaction(platform(), (tx, after) => prepareProjectData(platform(), tx, after, of));
      apps.push(id);
    }
    const [one = '', other = ''] = apps;
    const urls = [await varsOf(one), await varsOf(other)].map((vars) => vars.DATABASE_URL);
    return { one, other, urls, baseUrl: (await varsOf(here.app.name)).DATABASE_URL, environment };
  }

  it('shares its base’s data unless told otherwise', async () => {
    await create();
    const { urls, baseUrl, one } = await project({});
    expect(urls).toEqual([baseUrl, baseUrl]);
    await destroyApp(platform(), { actor: actor(), app: one });
    expect((await varsOf(here.app.name)).DATABASE_URL).toBe(baseUrl);
  });

  it('gets one database of its own for all its apps, which goes with the last of them', async () => {
    const addOn = await create();
    const { urls, baseUrl, one, other } = await project({
      addOns: { [addOn.name]: { policy: 'copy', mask: 'SELECT 1' } },
    });
    expect(urls[0]).toBe(urls[1]);
    expect(urls[0]).not.toBe(baseUrl);
    const own = await platform().db.addOn.findFirstOrThrow({ where: { insteadOfId: addOn.id } });
    expect(await startProvision(platform(), { addOnId: own.id })).toMatchObject({
      ...{ copyOf: addOn.database, maskScript: 'SELECT 1' },
    });
    const status = async () => (await platform().db.addOn.findUniqueOrThrow({ where: { id: own.id } })).status;
    await destroyApp(platform(), { actor: actor(), app: one });
    expect(await status()).toBe('provisioning');
    await destroyApp(platform(), { actor: actor(), app: other });
    expect(await status()).toBe('deprovisioning');
  });

  it('is refused when it names an add-on that its base does not have, or masks what is no copy', async () => {
    const addOn = await create();
    const { environmentId: baseId } = await platform().db.app.findUniqueOrThrow({ where: { id: here.app.id } });
    const check = (addOns: object) =>
      checkProjectData(platform().db as never, { baseId, data: projectData.parse({ addOns }) });
    await expect(check({ typo: { policy: 'copy' } })).rejects.toThrow('has an add-on typo');
    await expect(check({ [addOn.name]: { policy: 'empty', mask: 'x' } })).rejects.toThrow('Only a copy can be masked');
    await check({ [addOn.name]: { policy: 'copy' } });
    const redis = await create({ plan: 'heroku-redis' });
    await expect(check({ [redis.name]: { policy: 'copy', mask: 'x' } })).rejects.toThrow('A mask is SQL');
    await check({ [redis.name]: { policy: 'copy' } });
  });
});
