import { describe, expect, it } from 'vitest';
import { finishDestroy } from '../src/apps/finish-destroy.js';
import { startDestroy } from '../src/apps/start-destroy.js';
import { failBuild } from '../src/builds/fail-build.js';
import { startBuild } from '../src/builds/start-build.js';
import { setConfigVars } from '../src/config-vars/set-config-vars.js';
import { destroyProject } from '../src/projects/destroy-project.js';
import { extendProject } from '../src/projects/extend-project.js';
import { failService } from '../src/projects/fail-service.js';
import { getProject } from '../src/projects/get-project.js';
import { listProjects } from '../src/projects/list-projects.js';
import { readWantedSource } from '../src/projects/read-wanted-source.js';
import { getQuota } from '../src/quotas/get-quota.js';
import { setTeamQuota } from '../src/quotas/set-quota.js';
import { failRelease } from '../src/releases/fail-release.js';
import { startRelease } from '../src/releases/start-release.js';
import { getLocalEnv } from '../src/tethers/get-local-env.js';
import { worldWithProjects } from './open-projects.js';
import { build, sha } from './open-world.js';

const { here, get, takeLease, settle, make, idOf, buildOf, releaseOf, makeSource } = worldWithProjects();

describe('a new project environment', () => {
  it('releases images that there are at once, without a build', async () => {
    const view = await make([{ service: 'cart' }, { service: 'orders', commit: sha('orders-1') }]);
    expect(view).toMatchObject({ name: here.name, status: 'starting', message: null, base: { name: here.base.name } });
    expect(view.services.map(({ service, app, status, build }) => [service, app.name, status, build])).toEqual([
      ['cart', `cart--${here.name}`, 'starting', null],
      ['orders', `orders--${here.name}`, 'starting', null],
    ]);
    const app = { id: here.base.apps.users, name: 'users' };
    expect(view.fallbacks).toEqual([{ service: 'users', app, commit: sha('users-1') }]);
    expect(view.services[0]!.webUrl).toBe(`http://cart--${here.name}.localhost:8080/`);
    await releaseOf('cart');
    expect((await get()).status).toBe('starting');
    await releaseOf('orders');
    expect(await get()).toMatchObject({
      status: 'ready',
      services: [{ commit: sha('cart-1') }, { commit: sha('orders-1') }],
    });
    expect(await settle()).toEqual([]);
    const images = await here.world.platform.db.release.findMany({
      where: { app: { environment: { name: here.name } } },
      include: { image: { include: { builds: true } } },
    });
    expect(images.map(({ image }) => image?.builds.length)).toEqual([1, 1]); // the base's own
  });

  it('has one of each process at the most, and web always', async () => {
    await here.world.platform.db.formation.createMany({
      data: [
        { appId: here.base.apps.users!, processType: 'worker', quantity: 4, size: 'standard-2x' },
        { appId: here.base.apps.users!, processType: 'clock', quantity: 0 },
      ],
    });
    await here.world.platform.db.formation.update({
      where: { appId_processType: { appId: here.base.apps.users!, processType: 'web' } },
      data: { quantity: 0 },
    });
    await make([{ service: 'users' }]);
    const rows = await here.world.platform.db.formation.findMany({
      where: { appId: await idOf('users') },
      orderBy: { processType: 'asc' },
    });
    expect(rows.map(({ processType, quantity, size }) => [processType, quantity, size])).toEqual([
      ['clock', 0, 'standard-1x'],
      ['web', 1, 'standard-1x'],
      ['worker', 1, 'standard-2x'],
    ]);
  });

  it('takes no more than the quota of its team has left, by the sizes of the base', async () => {
    const { platform, owner: actor } = here.world;
    await platform.db.formation.updateMany({
      where: { appId: here.base.apps.orders!, processType: 'web' },
      data: { size: 'standard-2x' },
    });
    const { taken } = await getQuota(platform, { actor, team: 'default' });
    const quota = (memoryMiB: number) => setTeamQuota(platform, { actor, team: 'default', limits: { memoryMiB } });
    try {
      await quota(taken.memoryMiB + 1_023);
      await expect(make([{ service: 'orders' }])).rejects.toMatchObject({ code: 'quota_exceeded' });
      await quota(taken.memoryMiB + 1_024);
      await make([{ service: 'orders' }]);
    } finally {
      await setTeamQuota(platform, { actor, team: 'default', limits: {} });
    }
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
    expect(await here.world.platform.db.app.count({ where: { name: { endsWith: `--${here.name}` } } })).toBe(0);
  });

  it('has a name of its own, whoever is faster', async () => {
    const both = await Promise.allSettled([make([{ service: 'cart' }]), make([{ service: 'orders' }])]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('may be made by members, seen by all of the team, destroyed by its owner and admins', async () => {
    const { platform } = here.world;
    const [viewer, member, other, admin, stranger] = await Promise.all(
      (['viewer', 'member', 'member', 'admin', null] as const).map((role) => here.world.addUser(role)),
    );
    const by = (actor: { userId: string } | undefined) => ({ actor: actor!, environment: here.name });
    await expect(make([{ service: 'cart' }], { actor: viewer })).rejects.toMatchObject({ code: 'forbidden' });
    await make([{ service: 'cart' }], { actor: member });
    expect((await getProject(platform, by(viewer))).owner?.id).toBe(member!.userId);
    await expect(getLocalEnv(platform, by(viewer))).rejects.toMatchObject({ code: 'forbidden' });
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
    const first = here.name;
    expect(await makeSource('cart', 'feature-1')).toMatchObject({
      isWanted: true,
      wanted: { branch: 'feature', namespaces: [here.base.apps.cart, await idOf('cart')] },
    });
    expect(await get()).toMatchObject({ status: 'building' });
    const buildId = await buildOf('cart');
    here.name = `${first}-b`;
    await make([{ service: 'cart', commit: sha('feature-1') }]);
    expect(await get()).toMatchObject({ status: 'building', services: [{ build: { id: buildId } }] });
    await build(here.world, buildId, 'feature-1');
    for (const each of [first, here.name]) {
      here.name = each;
      await settle();
      await releaseOf('cart');
      expect(await get()).toMatchObject({ status: 'ready', services: [{ commit: sha('feature-1') }] });
    }
    expect(await here.world.platform.db.build.count({ where: { source: { commit: sha('feature-1') } } })).toBe(1);
  });

  it('builds a commit itself when the app whose build it waited for is destroyed', async () => {
    await make([{ service: 'cart', branch: 'lost' }]);
    await makeSource('cart', 'lost-1');
    const other = { environment: here.name, appId: await idOf('cart') };
    here.name = `${here.name}-b`;
    await make([{ service: 'cart', commit: sha('lost-1') }]);
    await destroyProject(here.world.platform, { actor: here.world.owner, environment: other.environment });
    await startDestroy(here.world.platform, { appId: other.appId });
    await finishDestroy(here.world.platform, { appId: other.appId, lease: await takeLease() });
    expect(await settle()).toHaveLength(1);
    expect(await get()).toMatchObject({ status: 'pending' });
    await makeSource('cart', 'lost-1');
    await build(here.world, await buildOf('cart'), 'lost-1');
    await settle();
    await releaseOf('cart');
    expect((await get()).status).toBe('ready');
  });

  it('leaves the other services up when one fails, and says which and why', async () => {
    const { platform } = here.world;
    await make([{ service: 'cart', branch: 'broken' }, { service: 'orders', branch: 'gone' }, { service: 'users' }]);
    await makeSource('cart', 'broken-1');
    const lease = await takeLease();
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
    const lease = await takeLease();
    await startRelease(here.world.platform, { releaseId, lease });
    const error = { code: 'instance_crashed', message: 'web.1 crashed.' };
    await failRelease(here.world.platform, { releaseId, lease, error });
    await settle();
    expect(await get()).toMatchObject({ status: 'failed', message: 'cart failed: web.1 crashed.' });
  });

  it('follows a config change that took the place of its first release', async () => {
    await make([{ service: 'cart' }]);
    const app = `cart--${here.name}`;
    await setConfigVars(here.world.platform, { actor: here.world.owner, app, changes: { COLOUR: 'red' } });
    await settle();
    await releaseOf('cart');
    expect(await get()).toMatchObject({ status: 'ready', services: [{ release: { version: 2 } }] });
  });
});
