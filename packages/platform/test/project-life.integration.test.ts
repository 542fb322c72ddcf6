import { describe, expect, it } from 'vitest';
import { attachAddOn } from '../src/add-ons/attach-add-on.js';
import { createAddOn } from '../src/add-ons/create-add-on.js';
import { finishDestroy } from '../src/apps/finish-destroy.js';
import { startDestroy } from '../src/apps/start-destroy.js';
import { setConfigVars } from '../src/config-vars/set-config-vars.js';
import { addService } from '../src/projects/add-service.js';
import { destroyProject } from '../src/projects/destroy-project.js';
import { dropService } from '../src/projects/drop-service.js';
import { expireProjects } from '../src/projects/expire-projects.js';
import { extendProject } from '../src/projects/extend-project.js';
import { finishDestroyProject } from '../src/projects/finish-destroy-project.js';
import { settleServices } from '../src/projects/settle-services.js';
import { getLocalEnv } from '../src/tethers/get-local-env.js';
import { worldWithProjects } from './open-projects.js';
import { deploy, sha } from './open-world.js';

const { here, get, takeLease, make, idOf } = worldWithProjects();

describe('services', () => {
  it('are added and dropped, and added again', async () => {
    const { platform, owner: actor } = here.world;
    await make([{ service: 'cart' }]);
    const of = { actor, environment: here.name };
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
    const { platform, owner: actor } = here.world;
    await make([{ service: 'cart' }, { service: 'orders' }]);
    await setConfigVars(platform, { actor, app: `cart--${here.name}`, changes: { QUOTED: "it's" } });
    const env = await getLocalEnv(platform, { actor, environment: here.name, service: 'cart' });
    expect(env).toContain(`export QUOTED='it'\\''s'\n`);
    expect(env).toContain(`export ORDERS_URL='http://orders--${here.name}.localhost:8080/'\n`);
    expect(env).toContain(`export USERS_URL='http://users.localhost:8080/'\n`);
    expect(env).toContain(`export BERTH_ENVIRONMENT='${here.name}'\n`);
    expect(await getLocalEnv(platform, { actor, environment: here.name })).not.toContain('QUOTED');
  });
});

describe('the end', () => {
  const hours = (count: number) => new Date(Date.now() + count * 3_600_000);
  const expire = (now: Date) => expireProjects(here.world.platform, { now });

  it('is warned of once, put off by an extension, and comes when the time is over', async () => {
    const { platform, owner: actor } = here.world;
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
    expect((await extendProject(platform, { actor, environment: here.name, hours: 24 })).warnedAt).toBeNull();
    expect(await of(hours(49))).toEqual([false, false]);
    expect(await of(hours(71))).toEqual([true, false]);
    expect(await of(hours(73))).toEqual([false, true]);
    await expect(get()).rejects.toMatchObject({ code: 'not_found' });
    expect(await of(hours(73))).toEqual([false, false]);
  });

  it('comes for the others also when one of them fails', async () => {
    const { db } = here.world.platform;
    const { id: broken } = await make([{ service: 'cart' }], { name: `${here.name}-broken`, ttlHours: 1 });
    const { id } = await make([{ service: 'cart' }], { ttlHours: 1 });
    const constraint = `ALTER TABLE "Environment" ADD CONSTRAINT "stays" CHECK ("id" <> '${broken}') NOT VALID`;
    await db.$executeRawUnsafe(constraint);
    try {
      await expect(expire(hours(2))).rejects.toThrow('1 environments could not be expired');
      expect((await db.environment.findUnique({ where: { id } }))?.destroyedAt ?? null).not.toBeNull();
    } finally {
      await db.$executeRaw`ALTER TABLE "Environment" DROP CONSTRAINT "stays"`;
    }
    expect((await expire(hours(2))).destroyed).toEqual([broken]);
  });

  it('frees its names at once, and leaves no row', async () => {
    const { platform, owner: actor } = here.world;
    const { id: environmentId } = await make([{ service: 'cart' }, { service: 'users', branch: 'x' }]);
    const apps = await Promise.all(['cart', 'users'].map(idOf));
    expect((await destroyProject(platform, { actor, environment: here.name })).name).toBe(here.name);
    const lease = await takeLease();
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
    expect(await platform.db.repository.count({ where: { id: here.base.repositories.cart! } })).toBe(1);
    expect(
      await platform.db.image.count({ where: { repositoryId: here.base.repositories.cart!, commit: sha('cart-1') } }),
    ).toBe(1);
    await deploy(here.world, here.base.apps.cart!, 'cart-2');
  });
});

it('local work is told of a Redis that is shared with the base', async () => {
  const { platform, owner: actor } = here.world;
  await make([{ service: 'cart' }]);
  const told = () => getLocalEnv(platform, { actor, environment: here.name, service: 'cart' });
  expect(await told()).not.toContain('BERTH_SHARED_REDIS');
  const { id, name: addOn } = await createAddOn(platform, { actor, app: 'cart', plan: 'heroku-redis:premium-0' });
  await platform.db.addOn.update({ where: { id }, data: { status: 'provisioned' } });
  await attachAddOn(platform, { actor, app: `cart--${here.name}`, addOn });
  expect(await told()).toContain(`export BERTH_SHARED_REDIS='${here.name} `);
});
