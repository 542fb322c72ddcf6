import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { attachAddOn } from '../src/add-ons/attach-add-on.js';
import { createAddOn } from '../src/add-ons/create-add-on.js';
import { destroyAddOn } from '../src/add-ons/destroy-add-on.js';
import { detachAddOn } from '../src/add-ons/detach-add-on.js';
import { finishProvision } from '../src/add-ons/finish-provision.js';
import { hasAddOn } from '../src/add-ons/has-add-on.js';
import { environmentsWithout } from '../src/add-ons/is-in-use.js';
import { isRedisGone, listRedisServers } from '../src/add-ons/read-redis-servers.js';
import { readRotation } from '../src/add-ons/read-rotation.js';
import { rotateCredentials } from '../src/add-ons/rotate-credentials.js';
import { type RedisWork, startProvision } from '../src/add-ons/start-provision.js';
import { createApp } from '../src/apps/create-app.js';
import { getConfigVars } from '../src/config-vars/get-config-vars.js';
import { setConfigVars } from '../src/config-vars/set-config-vars.js';
import { getQuota } from '../src/quotas/get-quota.js';
import { setEnvironmentQuota } from '../src/quotas/set-quota.js';
import { deploy, release, worldWithApp } from './open-world.js';

const here = worldWithApp();
const platform = () => here.world.platform;
const actor = () => here.world.owner;
const create = (plan: string) => createAddOn(platform(), { ...here.who, plan });
const varsOf = (app: string) => getConfigVars(platform(), { actor: actor(), app });
const provision = async (addOnId: string) =>
  finishProvision(platform(), { addOnId, lease: await here.world.lease(randomUUID()) });
const newest = (appId: string) =>
  platform().db.release.findFirstOrThrow({ where: { appId }, orderBy: { version: 'desc' } });

describe('a Redis add-on', () => {
  const createRedis = (plan = 'heroku-redis:premium-0') => create(plan);
  const environmentOf = async (id: string) =>
    (await platform().db.app.findUniqueOrThrow({ where: { id }, include: { environment: true } })).environment;

  it('has a server of its own, in the environments of those who have it, for the users of its credentials', async () => {
    const addOn = await createRedis();
    expect(addOn.configVars).toEqual(['REDIS_URL']);
    const home = await environmentOf(here.app.id);
    const work = (await startProvision(platform(), { addOnId: addOn.id })) as RedisWork;
    expect(work).toMatchObject({ plan: { name: 'premium-0' }, copyOf: null });
    expect(work.server).toMatchObject({ key: addOn.database, environmentIds: [home.id], users: [{}] });
    const { REDIS_URL = '' } = await varsOf(here.app.name);
    const { username, password, host, protocol } = new URL(REDIS_URL);
    expect([protocol, host]).toEqual(['redis:', `${work.server.hostName}:6379`]);
    const passwordHash = createHash('sha256').update(password).digest('hex');
    expect(work.server.users).toEqual([{ name: username, passwordHash }]);
    expect(await listRedisServers(platform(), { appId: here.app.id })).toEqual([]); // it is not there yet
    await provision(addOn.id);
    const other = await createApp(platform(), { actor: actor(), environment: 'qa' });
    await attachAddOn(platform(), { actor: actor(), app: other.id, addOn: addOn.id });
    const [server] = await listRedisServers(platform(), { appId: other.id });
    expect(server?.environmentIds).toEqual([home.id, (await environmentOf(other.id)).id]);
    expect(server).not.toHaveProperty('users'); // whoever looks each few seconds decrypts nothing
    expect(await hasAddOn(platform(), { appId: here.app.id })).toBe(false); // that asks for databases
  });

  it('is gone from the moment on that somebody destroys it', async () => {
    const addOn = await createRedis();
    const isGone = () => isRedisGone(platform(), { key: addOn.database });
    expect(await isGone()).toBe(false);
    await provision(addOn.id);
    expect(await isGone()).toBe(false);
    await destroyAddOn(platform(), { actor: actor(), addOn: addOn.name });
    expect(await isGone()).toBe(true);
    await platform().db.addOn.delete({ where: { id: addOn.id } });
    expect(await isGone()).toBe(true);
  });

  it('is in the network of an environment as long as a release there has its address', async () => {
    await deploy(here.world, here.app.id, 'one');
    const addOn = await createRedis();
    await provision(addOn.id);
    await release(here.world, (await newest(here.app.id)).id);
    const [server] = await listRedisServers(platform(), { appId: here.app.id });
    const of = { hostName: server?.hostName ?? '', environmentIds: server?.environmentIds ?? [] };
    expect(await environmentsWithout(platform(), of)).toEqual([]);
    await detachAddOn(platform(), { actor: actor(), attachment: addOn.attachments[0]?.id ?? '' });
    expect(await environmentsWithout(platform(), of)).toEqual([]); // what runs has it still
    const { id } = await newest(here.app.id);
    await release(here.world, id);
    await platform().db.rollout.updateMany({ where: { releaseId: { not: id } }, data: { retiredAt: new Date() } });
    expect(await environmentsWithout(platform(), of)).toEqual(of.environmentIds);
  });

  it('is named to an app of a project environment that shares it, so that it works its own jobs only', async () => {
    const db = platform().db;
    const addOn = await createRedis();
    await provision(addOn.id);
    const base = await environmentOf(here.app.id);
    const { id: environmentId } = await db.environment.create({
      data: { teamId: base.teamId, name: 'sale', kind: 'project', baseId: base.id },
    });
    const mail = await createApp(platform(), { actor: actor(), environment: base.name });
    const shared = async () => (await varsOf(mail.name)).BERTH_SHARED_REDIS;
    await attachAddOn(platform(), { actor: actor(), app: mail.name, addOn: addOn.name });
    expect(await shared()).toBeUndefined(); // that app is stable's
    await db.app.update({ where: { id: mail.id }, data: { environmentId } });
    const [server] = await listRedisServers(platform(), { appId: mail.id });
    expect(await shared()).toBe(`sale ${environmentId} ${mail.id} ${server?.hostName}`);
    await setConfigVars(platform(), { actor: actor(), app: mail.name, changes: { BERTH_SHARED_REDIS: 'mine' } });
    expect(await shared()).toBe(`sale ${environmentId} ${mail.id} ${server?.hostName}`);
    await db.addOn.update({ where: { id: addOn.id }, data: { appId: mail.id } }); // its own one
    expect(await shared()).toBe('mine');
  });

  it('is rotated by a user more, and then the older one less', async () => {
    const addOn = await createRedis();
    await provision(addOn.id);
    await rotateCredentials(platform(), { actor: actor(), addOn: addOn.name });
    const rotation = await readRotation(platform(), { addOnId: addOn.id });
    expect(rotation?.redis?.users.map(({ name }) => name)).toEqual([
      expect.stringMatching(/_1$/),
      rotation?.pending?.user,
    ]);
  });

  it('counts against the memory of its team and of its environment', async () => {
    const { name } = await environmentOf(here.app.id);
    const of = { actor: actor(), team: 'default', environment: name };
    const taken = async () => (await getQuota(platform(), of)).taken.memoryMiB;
    const before = await taken();
    await createRedis();
    expect(await taken()).toBe(before + 164);
    await setEnvironmentQuota(platform(), { ...of, limits: { memoryMiB: before + 200 } });
    try {
      await expect(createRedis()).rejects.toThrow(`${before + 164} of ${before + 200} MiB of memory are taken`);
      await create('heroku-postgresql'); // the data server is everybody's
    } finally {
      await setEnvironmentQuota(platform(), { ...of, limits: {} });
    }
  });
});
