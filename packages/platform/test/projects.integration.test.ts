import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { finishDestroy } from '../src/apps/finish-destroy.js';
import { startDestroy } from '../src/apps/start-destroy.js';
import { failBuild } from '../src/builds/fail-build.js';
import { startBuild } from '../src/builds/start-build.js';
import { setConfigVars } from '../src/config-vars/set-config-vars.js';
import { addService } from '../src/projects/add-service.js';
import { createProject } from '../src/projects/create-project.js';
import { destroyProject } from '../src/projects/destroy-project.js';
import { dropService } from '../src/projects/drop-service.js';
import { expireProjects } from '../src/projects/expire-projects.js';
import { extendProject } from '../src/projects/extend-project.js';
import { failService } from '../src/projects/fail-service.js';
import { finishDestroyProject } from '../src/projects/finish-destroy-project.js';
import { getProject } from '../src/projects/get-project.js';
import { getProjectEnv } from '../src/projects/get-project-env.js';
import { listProjects } from '../src/projects/list-projects.js';
import { readWantedSource } from '../src/projects/read-wanted-source.js';
import { settleServices } from '../src/projects/settle-services.js';
import { takeCommit } from '../src/projects/take-commit.js';
import { takeSource } from '../src/projects/take-source.js';
import { failRelease } from '../src/releases/fail-release.js';
import { startRelease } from '../src/releases/start-release.js';
import { openBase } from './open-base.js';
import { build, deploy, openWorld, release, sha, type World } from './open-world.js';

let world: World;
let base: Awaited<ReturnType<typeof openBase>>;
let number = 0;
let name = '';

beforeAll(async () => {
  world = await openWorld();
  base = await openBase(world, ['cart', 'orders', 'users']);
});
afterAll(() => world.close());
beforeEach(() => {
  number += 1;
  name = `red-${number}`;
});

const make = (services: Parameters<typeof createProject>[1]['services'], more: object = {}) =>
  createProject(world.platform, { actor: world.owner, name, base: base.name, services, ...more });
const get = (actor = world.owner) => getProject(world.platform, { actor, environment: name });
const idOf = async (service: string) => (await get()).services.find((one) => one.service === service)!.app.id;
async function settle() {
  const { id: environmentId } = await get();
  return settleServices(world.platform, { environmentId, lease: await world.lease(`test:${randomUUID()}`) });
}
/** What the releaser does with a service's release. */
async function releaseOf(service: string) {
  const view = (await get()).services.find((one) => one.service === service)!;
  await release(world, view.release!.id);
  await settle();
}
/** What apps/git does for a service that wants its source. */
async function makeSource(service: string, commit: string, isAhead = false) {
  const { platform } = world;
  const lease = await world.lease(`test:${randomUUID()}`);
  const wanted = await readWantedSource(platform, { appId: await idOf(service) });
  const { appId, wish } = wanted!;
  const source = { commit: sha(commit), message: commit, digest: `sha256:${sha(commit)}`, sizeBytes: 1 };
  const isWanted = await takeCommit(platform, { appId, wish, lease, commit: sha(commit), isAhead });
  if (isWanted) await takeSource(platform, { appId, wish, lease, source });
  return { wanted, isWanted };
}
const buildOf = async (service: string) => (await get()).services.find((one) => one.service === service)!.build!.id;

describe('a new project environment', () => {
  it('releases images that there are at once, without a build', async () => {
    const view = await make([{ service: 'cart' }, { service: 'orders', commit: sha('orders-1') }]);
    expect(view).toMatchObject({ name, status: 'starting', message: null, base: { name: base.name } });
    expect(view.services.map(({ service, app, status, build }) => [service, app.name, status, build])).toEqual([
      ['cart', `cart--${name}`, 'starting', null],
      ['orders', `orders--${name}`, 'starting', null],
    ]);
    expect(view.fallbacks).toEqual([{ service: 'users', app: { id: base.apps.users, name: 'users' } }]);
    expect(view.services[0]!.webUrl).toBe(`http://cart--${name}.localhost:8080/`);
    await releaseOf('cart');
    expect((await get()).status).toBe('starting');
    await releaseOf('orders');
    expect(await get()).toMatchObject({
      status: 'ready',
      services: [{ commit: sha('cart-1') }, { commit: sha('orders-1') }],
    });
    expect(await settle()).toEqual([]);
    const images = await world.platform.db.release.findMany({
      where: { app: { environment: { name } } },
      include: { image: { include: { builds: true } } },
    });
    expect(images.map(({ image }) => image?.builds.length)).toEqual([1, 1]); // the base's own
  });

  it('has one of each process at the most, and web always', async () => {
    await world.platform.db.formation.createMany({
      data: [
        { appId: base.apps.users!, processType: 'worker', quantity: 4, size: 'standard-2x' },
        { appId: base.apps.users!, processType: 'clock', quantity: 0 },
      ],
    });
    await world.platform.db.formation.update({
      where: { appId_processType: { appId: base.apps.users!, processType: 'web' } },
      data: { quantity: 0 },
    });
    await make([{ service: 'users' }]);
    const rows = await world.platform.db.formation.findMany({
      where: { appId: await idOf('users') },
      orderBy: { processType: 'asc' },
    });
    expect(rows.map(({ processType, quantity, size }) => [processType, quantity, size])).toEqual([
      ['clock', 0, 'standard-1x'],
      ['web', 1, 'standard-1x'],
      ['worker', 1, 'standard-2x'],
    ]);
  });

  it.each([
    ['a name with two dashes', { name: 'a--b' }, 'invalid_params'],
    ['the name of a stable environment of the team', { name: 'qa' }, 'conflict'],
    ['a base that there is not', { base: 'nowhere' }, 'not_found'],
    ['a service that there is not', { services: [{ service: 'nothing' }] }, 'not_found'],
    ['a service twice', { services: [{ service: 'cart' }, { service: 'cart' }] }, 'invalid_params'],
    [
      'a branch and a commit',
      { services: [{ service: 'cart', branch: 'x', commit: sha('cart-1') }] },
      'invalid_params',
    ],
    ['a release that there is not', { services: [{ service: 'cart', release: 'v99' }] }, 'not_found'],
    ['no time to live', { ttlHours: 0 }, 'invalid_params'],
  ])('is refused with %s, and nothing is made', async (_what, wrong, code) => {
    await expect(make([{ service: 'cart' }], wrong)).rejects.toMatchObject({ code });
    await expect(get()).rejects.toMatchObject({ code: 'not_found' });
    expect(await world.platform.db.app.count({ where: { name: { endsWith: `--${name}` } } })).toBe(0);
  });

  it('has a name of its own, whoever is faster', async () => {
    const both = await Promise.allSettled([make([{ service: 'cart' }]), make([{ service: 'orders' }])]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('may be made by members, seen by all of the team, destroyed by its owner and admins', async () => {
    const { platform } = world;
    const [viewer, member, other, admin, stranger] = await Promise.all(
      (['viewer', 'member', 'member', 'admin', null] as const).map((role) => world.addUser(role)),
    );
    const by = (actor: { userId: string } | undefined) => ({ actor: actor!, environment: name });
    await expect(make([{ service: 'cart' }], { actor: viewer })).rejects.toMatchObject({ code: 'forbidden' });
    await make([{ service: 'cart' }], { actor: member });
    expect((await getProject(platform, by(viewer))).owner?.id).toBe(member!.userId);
    await expect(getProjectEnv(platform, by(viewer))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(getProject(platform, by(stranger))).rejects.toMatchObject({ code: 'not_found' });
    expect((await listProjects(platform, { actor: stranger! })).length).toBe(0);
    for (const refused of [other, viewer]) {
      await expect(destroyProject(platform, by(refused))).rejects.toMatchObject({ code: 'forbidden' });
      await expect(extendProject(platform, { ...by(refused), hours: 1 })).rejects.toMatchObject({ code: 'forbidden' });
    }
    await extendProject(platform, { ...by(admin), hours: 1 });
    await destroyProject(platform, by(member));
  });
});

describe('builds', () => {
  it('makes one build per commit, also when two environments ask for it at once', async () => {
    await make([{ service: 'cart', branch: 'feature' }]);
    const first = name;
    expect(await makeSource('cart', 'feature-1')).toMatchObject({
      isWanted: true,
      wanted: { branch: 'feature', namespaces: [base.pipelines.cart, base.apps.cart, await idOf('cart')] },
    });
    expect(await get()).toMatchObject({ status: 'building' });
    const buildId = await buildOf('cart');
    name = `${first}-b`;
    await make([{ service: 'cart', commit: sha('feature-1') }]);
    expect(await get()).toMatchObject({ status: 'building', services: [{ build: { id: buildId } }] });
    await build(world, buildId, 'feature-1');
    for (const each of [first, name]) {
      name = each;
      await settle();
      await releaseOf('cart');
      expect(await get()).toMatchObject({ status: 'ready', services: [{ commit: sha('feature-1') }] });
    }
    expect(await world.platform.db.build.count({ where: { source: { commit: sha('feature-1') } } })).toBe(1);
  });

  it('builds a commit itself when the app whose build it waited for is destroyed', async () => {
    await make([{ service: 'cart', branch: 'lost' }]);
    await makeSource('cart', 'lost-1');
    const other = { environment: name, appId: await idOf('cart') };
    name = `${name}-b`;
    await make([{ service: 'cart', commit: sha('lost-1') }]);
    await destroyProject(world.platform, { actor: world.owner, environment: other.environment });
    await startDestroy(world.platform, { appId: other.appId });
    await finishDestroy(world.platform, { appId: other.appId, lease: await world.lease(`test:${randomUUID()}`) });
    expect(await settle()).toHaveLength(1);
    expect(await get()).toMatchObject({ status: 'pending' });
    await makeSource('cart', 'lost-1');
    await build(world, await buildOf('cart'), 'lost-1');
    await settle();
    await releaseOf('cart');
    expect((await get()).status).toBe('ready');
  });

  it('leaves the other services up when one fails, and says which and why', async () => {
    const { platform } = world;
    await make([{ service: 'cart', branch: 'broken' }, { service: 'orders', branch: 'gone' }, { service: 'users' }]);
    await makeSource('cart', 'broken-1');
    const lease = await world.lease(`test:${randomUUID()}`);
    const { appId, wish } = (await readWantedSource(platform, { appId: await idOf('orders') }))!;
    await failService(platform, { appId, wish, lease, message: 'Branch gone is not there.' });
    const buildId = await buildOf('cart');
    await startBuild(platform, { buildId, lease });
    await failBuild(platform, { buildId, lease, error: { code: 'build_failed', message: 'npm ended with 1.' } });
    await releaseOf('users');
    const view = await get();
    expect(view).toMatchObject({ status: 'failed', message: 'cart failed (and 1 more): npm ended with 1.' });
    expect(view.services.map(({ status, message }) => [status, message])).toEqual([
      ['failed', 'npm ended with 1.'],
      ['failed', 'Branch gone is not there.'],
      ['ready', null],
    ]);
  });

  it('says why a release failed', async () => {
    await make([{ service: 'cart' }]);
    const { id: releaseId } = (await get()).services[0]!.release!;
    const lease = await world.lease(`test:${randomUUID()}`);
    await startRelease(world.platform, { releaseId, lease });
    const error = { code: 'instance_crashed', message: 'web.1 crashed.' };
    await failRelease(world.platform, { releaseId, lease, error });
    await settle();
    expect(await get()).toMatchObject({ status: 'failed', message: 'cart failed: web.1 crashed.' });
  });

  it('follows a config change that took the place of its first release', async () => {
    await make([{ service: 'cart' }]);
    const app = `cart--${name}`;
    await setConfigVars(world.platform, { actor: world.owner, app, changes: { COLOUR: 'red' } });
    await settle();
    await releaseOf('cart');
    expect(await get()).toMatchObject({ status: 'ready', services: [{ release: { version: 2 } }] });
  });
});

describe('services', () => {
  it('are added and dropped, and added again', async () => {
    const { platform, owner: actor } = world;
    await make([{ service: 'cart' }]);
    const of = { actor, environment: name };
    await expect(addService(platform, { ...of, wish: { service: 'cart' } })).rejects.toMatchObject({
      code: 'conflict',
    });
    const more = await addService(platform, { ...of, wish: { service: 'users' } });
    expect([more.services.length, more.fallbacks.length]).toEqual([2, 1]);
    const less = await dropService(platform, { ...of, service: 'cart' });
    expect(less.services.map(({ service }) => service)).toEqual(['users']);
    expect(less.fallbacks.map(({ service }) => service)).toEqual(['cart', 'orders']);
    const again = await addService(platform, { ...of, wish: { service: 'cart', release: 'v1' } });
    expect(again.services.map(({ service }) => service)).toEqual(['cart', 'users']);
  });

  it('are told for local work with their config and the URLs of all others', async () => {
    const { platform, owner: actor } = world;
    await make([{ service: 'cart' }, { service: 'orders' }]);
    await setConfigVars(platform, { actor, app: `cart--${name}`, changes: { QUOTED: "it's" } });
    const env = await getProjectEnv(platform, { actor, environment: name, service: 'cart' });
    expect(env).toContain(`export QUOTED='it'\\''s'\n`);
    expect(env).toContain(`export ORDERS_URL='http://orders--${name}.localhost:8080/'\n`);
    expect(env).toContain(`export USERS_URL='http://users.localhost:8080/'\n`);
    expect(env).toContain(`export BERTH_ENVIRONMENT='${name}'\n`);
    expect(await getProjectEnv(platform, { actor, environment: name })).not.toContain('QUOTED');
  });
});

describe('the end', () => {
  const hours = (count: number) => new Date(Date.now() + count * 3_600_000);
  const expire = (now: Date) => expireProjects(world.platform, { now });

  it('is warned of once, put off by an extension, and comes when the time is over', async () => {
    const { platform, owner: actor } = world;
    const { id, expiresAt } = await make([{ service: 'cart' }], { ttlHours: 48 });
    expect(Math.round((expiresAt!.getTime() - Date.now()) / 3_600_000)).toBe(48);
    const of = async (now: Date) => {
      const { warned, destroyed } = await expire(now);
      return [warned.includes(id), destroyed.includes(id)];
    };
    expect(await of(hours(35))).toEqual([false, false]);
    expect(await of(hours(37))).toEqual([true, false]);
    expect(await of(hours(37))).toEqual([false, false]);
    expect(await platform.db.event.count({ where: { nounId: id, name: 'environment.expires-soon' } })).toBe(1);
    expect((await extendProject(platform, { actor, environment: name, hours: 24 })).warnedAt).toBeNull();
    expect(await of(hours(49))).toEqual([false, false]);
    expect(await of(hours(71))).toEqual([true, false]);
    expect(await of(hours(73))).toEqual([false, true]);
    await expect(get()).rejects.toMatchObject({ code: 'not_found' });
    expect(await of(hours(73))).toEqual([false, false]);
  });

  it('frees its names at once, and leaves no row', async () => {
    const { platform, owner: actor } = world;
    const { id: environmentId } = await make([{ service: 'cart' }, { service: 'users', branch: 'x' }]);
    const apps = await Promise.all(['cart', 'users'].map(idOf));
    expect((await destroyProject(platform, { actor, environment: name })).name).toBe(name);
    const lease = await world.lease(`test:${randomUUID()}`);
    expect(await settleServices(platform, { environmentId, lease })).toBeUndefined();
    await make([{ service: 'cart' }]);
    await finishDestroyProject(platform, { environmentId, lease }); // its apps are not gone: nothing happens
    expect(await platform.db.environment.count({ where: { id: environmentId } })).toBe(1);
    for (const appId of apps) {
      await startDestroy(platform, { appId });
      await finishDestroy(platform, { appId, lease });
    }
    await finishDestroyProject(platform, { environmentId, lease });
    expect(await platform.db.environment.count({ where: { id: environmentId } })).toBe(0);
    expect(await platform.db.projectService.count({ where: { appId: { in: apps } } })).toBe(0);
    expect(await platform.db.repository.count({ where: { id: base.repositories.cart! } })).toBe(1);
    expect(
      await platform.db.image.count({ where: { repositoryId: base.repositories.cart!, commit: sha('cart-1') } }),
    ).toBe(1);
    await deploy(world, base.apps.cart!, 'cart-2');
  });
});
