import { afterEach, describe, expect, it } from 'vitest';
import { listBaseAddOns } from '../src/add-ons/list-base-add-ons.js';
import { getCapacity } from '../src/capacity/get-capacity.js';
import { addService } from '../src/projects/add-service.js';
import { destroyProject } from '../src/projects/destroy-project.js';
import { getFootprint } from '../src/projects/get-footprint.js';
import { listProjectData } from '../src/projects/list-project-data.js';
import { listProjectSleep } from '../src/projects/list-project-sleep.js';
import { readTaken } from '../src/quotas/read-taken.js';
import { addUsage } from '../src/usage/add-usage.js';
import { findAppsOf } from '../src/usage/find-apps-of.js';
import { saveHostLook } from '../src/usage/host-look.js';
import { worldWithProjects } from './open-projects.js';

const MiB = 1024 * 1024;
const { here, make, idOf, releaseOf } = worldWithProjects();

/** What a look finds: 50 MiB and a tenth of a core for each container named, on a host of 4 GiB. */
const look = async (containerIds: readonly string[]) =>
  saveHostLook(here.world.platform, {
    ...{ cpus: 2, headroomBytes: 512 * MiB, swap: { totalBytes: 0, freeBytes: 0 } },
    memory: { totalBytes: 4096 * MiB, availableBytes: 2048 * MiB },
    containers: containerIds.map((containerId) => ({ containerId, ownBytes: 50 * MiB, cpus: 0.1 })),
    appOf: await findAppsOf(here.world.platform, containerIds),
  });

/** Gives the app's instances containers that a look finds. */
async function giveContainers(appId: string): Promise<string[]> {
  const { db } = here.world.platform;
  const rollout = await db.rollout.findFirstOrThrow({ where: { appId } });
  const of = { rolloutId: rollout.id, processType: 'web', index: 1 };
  const containerId = `container-${appId}`;
  await db.instance.upsert({
    where: { rolloutId_processType_index: of },
    update: { containerId },
    create: { ...of, appId, containerId, state: 'up' },
  });
  return [containerId];
}

it('is for owners of the installation, and nothing before somebody has looked', async () => {
  const { platform, owner, addUser } = here.world;
  expect(await getCapacity(platform, { actor: owner })).toBeNull();
  for (const role of ['admin', null] as const)
    await expect(getCapacity(platform, { actor: await addUser(role) })).rejects.toMatchObject({ code: 'forbidden' });
});

it('tells what runs, sleeps and could start; an environment’s page what it takes beside a copy of its base', async () => {
  const { platform, owner: actor } = here.world;
  const { base } = here;
  const name = here.name;
  await make([{ service: 'cart' }]);
  await releaseOf('cart');
  const cart = await idOf('cart');
  const containers = [...(await giveContainers(cart)), ...(await giveContainers(base.apps.users!))];
  await look([...containers, 'a-build']);
  const freedBytes = BigInt(200 * MiB);
  await platform.db.sleep.create({ data: { appId: base.apps.orders!, state: 'pushed_out', freedBytes } });

  const capacity = await getCapacity(platform, { actor });
  expect(capacity).toMatchObject({
    running: { apps: 3, reservedBytes: 3 * 512 * MiB, ownBytes: 100 * MiB },
    asleep: { apps: 1, pushedOut: 1, freedBytes: 200 * MiB },
    room: { bytes: 1536 * MiB, fullApps: 3, missingBytes: 0 },
  });

  const entry = { cpuMs: 3_600_000, memoryMiBSeconds: 1_024 * 3_600, awakeSeconds: 3_600, asleepSeconds: 0 };
  const appOf = await findAppsOf(platform, containers);
  const entries = [{ containerId: containers[0]!, ...entry }];
  await addUsage(platform, { at: new Date(), entries, appOf, others: new Map() });
  const footprint = await getFootprint(platform, { actor, environment: name });
  expect(footprint).toMatchObject({
    own: { apps: 1, memoryMiB: 512, now: { ownBytes: 50 * MiB }, freedBytes: 0 },
    copy: { apps: 3, memoryMiB: 1536, now: { ownBytes: 50 * MiB }, freedBytes: 200 * MiB },
    used: { cpuHours: 1, gibHours: 1 },
  });
});

it('counts apps that run nothing yet, and Redis servers, as the quota does', async () => {
  const { platform, owner: actor } = here.world;
  const { db } = platform;
  const { id: baseId } = await db.environment.findFirstOrThrow({ where: { name: here.base.name } });
  const policyBefore = await db.environment.findUniqueOrThrow({ where: { id: baseId }, select: { policy: true } });
  const project = await make([{ service: 'cart' }]);
  const appId = project.services[0]!.app.id;
  const teamId = project.team.id;
  await db.formation.deleteMany({ where: { appId } });
  await db.environment.update({ where: { id: baseId }, data: { policy: { size: 'standard-2x' } } });
  const redis = { service: 'heroku-redis', plan: 'premium-0', database: 'r', name: `redis-of-${here.name}` };
  await db.addOn.create({ data: { ...redis, createdById: 'me', appId, teamId } });
  const taken = await readTaken(db, { teamId, environmentId: project.id });
  expect(taken).toMatchObject({ apps: 1, memoryMiB: 1024 + 164, cpus: 1 });
  const { own } = await getFootprint(platform, { actor, environment: here.name });
  expect(own).toMatchObject({ apps: 1, memoryMiB: taken.memoryMiB, cpus: taken.cpus });
  await db.environment.update({ where: { id: baseId }, data: { policy: policyBefore.policy as object } });
  await destroyProject(platform, { actor, environment: here.name });
});

it('shows how each app sleeps, and what its data are', async () => {
  const { platform, owner: actor } = here.world;
  const environment = here.name;
  const { db } = platform;
  const add = (more: { name: string; appId: string; teamId: string; insteadOfId?: string }) =>
    db.addOn.create({
      data: { service: 'heroku-postgresql', plan: 'essential-0', database: more.name, createdById: 'me', ...more },
    });
  const project = await make([{ service: 'users' }]);
  const [service] = project.services;
  await db.sleep.create({ data: { appId: service!.app.id, state: 'frozen', asleepAt: new Date(Date.now() - 60_000) } });
  const sleep = await listProjectSleep(platform, { actor, environment });
  expect(sleep[service!.app.name]).toMatchObject({ state: 'frozen', policy: { afterMinutes: 30 } });
  expect(sleep[service!.app.name]!.sleptMs).toBeGreaterThanOrEqual(60_000);

  const teamId = project.team.id;
  const shared = await add({ name: 'base-db', appId: here.base.apps.users!, teamId });
  const own = await add({ name: 'own-db', appId: service!.app.id, teamId, insteadOfId: shared.id });
  const appId = service!.app.id;
  await db.attachment.createMany({
    data: [
      { appId, addOnId: shared.id, name: 'FIRST' },
      { appId, addOnId: own.id, name: 'SECOND' },
    ],
  });
  await db.environment.update({
    where: { id: project.id },
    data: { data: { policy: 'share', addOns: { 'base-db': { policy: 'copy' } } } },
  });
  expect(await listProjectData(platform, { actor, environment })).toMatchObject([
    { service: 'users', attachment: 'FIRST', addOn: 'base-db', policy: 'share', base: 'base-db' },
    { service: 'users', attachment: 'SECOND', addOn: 'own-db', policy: 'copy', base: 'base-db', isMasked: false },
  ]);
  await db.attachment.create({ data: { appId: here.base.apps.users!, addOnId: shared.id, name: 'DATABASE' } });
  expect(await listBaseAddOns(platform, { actor, team: project.team.id })).toEqual([
    { environment: here.base.name, name: 'base-db', isDatabase: true, services: ['users'] },
  ]);
  const stranger = await here.world.addUser(null);
  await expect(listBaseAddOns(platform, { actor: stranger, team: project.team.id })).rejects.toMatchObject({
    code: 'not_found',
  });
  for (const read of [listProjectSleep, listProjectData, getFootprint])
    await expect(read(platform, { actor: stranger, environment })).rejects.toMatchObject({ code: 'not_found' });
});

describe('a project environment on a host that is nearly full', () => {
  const names: string[] = [];
  const makeOne = (service: string) => {
    const name = `${here.name}-${names.length}`;
    names.push(name);
    return make([{ service }], { name });
  };
  const cart = () => makeOne('cart');
  /** The base's cart takes 300 MiB; 512 MiB are the headroom. */
  const lookAt = async (availableMiB: number, more: { at?: Date; apps?: Record<string, number> } = {}) => {
    const appOf = new Map([[`of-cart`, here.base.apps.cart!]]);
    const containers = [{ containerId: 'of-cart', ownBytes: 300 * MiB, cpus: 0.1 }];
    for (const [appId, ownMiB] of Object.entries(more.apps ?? {})) {
      appOf.set(`of-${appId}`, appId);
      containers.push({ containerId: `of-${appId}`, ownBytes: ownMiB * MiB, cpus: 0 });
    }
    const host = { cpus: 2, headroomBytes: 512 * MiB, swap: { totalBytes: 0, freeBytes: 0 }, containers, appOf };
    const memory = { totalBytes: 4096 * MiB, availableBytes: availableMiB * MiB };
    await saveHostLook(here.world.platform, { ...host, memory }, more.at);
  };
  const refused = { code: 'quota_exceeded', message: expect.stringContaining('expected to take 300 MiB') };
  afterEach(async () => {
    const { platform, owner: actor } = here.world;
    await platform.redis.del(`berth:${platform.instance}:host-look`);
    for (const environment of names.splice(0)) await destroyProject(platform, { actor, environment }).catch(() => {});
  });

  it('is refused with what is missing, and so is one more service', async () => {
    await lookAt(811);
    await expect(cart()).rejects.toMatchObject(refused);
    const { name: environment } = await makeOne('users'); // nobody has seen the base's
    const { platform, owner: actor } = here.world;
    const more = () => addService(platform, { actor, environment, wish: { service: 'cart' } });
    await expect(more()).rejects.toMatchObject(refused);
    await lookAt(812);
    await more();
  });

  it('counts what was accepted since the host was looked at, and what sleeps as what it really takes', async () => {
    await lookAt(1_200);
    const first = await cart();
    await cart();
    await expect(cart()).rejects.toMatchObject(refused);
    const appId = first.services[0]!.app.id;
    await here.world.platform.db.sleep.create({ data: { appId, state: 'pushed_out', freedBytes: 0n } });
    await cart();
  });

  it('is not refused where enough may sleep, and where nobody has looked lately', async () => {
    await lookAt(600);
    await expect(cart()).rejects.toMatchObject(refused);
    await lookAt(600, { at: new Date(Date.now() - 240_000) });
    const idle = await cart();
    await lookAt(600, { apps: { [idle.services[0]!.app.id]: 250 }, at: new Date(Date.now() + 1_000) });
    await cart();
  });
});
