import { expect, it } from 'vitest';
import { failService } from '../src/projects/fail-service.js';
import { startRelease } from '../src/releases/start-release.js';
import { worldWithProjects } from './open-projects.js';

const { here, get, takeLease, make, idOf, releaseOf } = worldWithProjects();

/** What the image of a service's base says that it needs. */
const needs = (service: string, needed: string[]) =>
  here.world.platform.db.image.updateMany({
    where: { repositoryId: here.base.repositories[service] ?? '' },
    data: { needs: needed },
  });
const statusOf = async (service: string) => (await get()).services.find((one) => one.service === service)?.status;
const waits = async (service: string) => {
  const releaseId = (await get()).services.find((one) => one.service === service)?.release?.id ?? '';
  return expect(startRelease(here.world.platform, { releaseId, lease: await takeLease() })).rejects;
};

it('a service starts when those are up that it needs, as far as the environment has them', async () => {
  await needs('cart', ['orders', 'mail']);
  await needs('orders', ['users']);
  await needs('users', []);
  await make([{ service: 'cart' }, { service: 'orders' }]);
  await (await waits('cart')).toThrow('orders of the environment must be up first');
  await releaseOf('orders'); // its base has users
  expect(await statusOf('orders')).toBe('ready');
  await releaseOf('cart');
  expect(await statusOf('cart')).toBe('ready');
  // From then on each is deployed by itself.
  const { db } = here.world.platform;
  await db.projectService.update({ where: { appId: await idOf('orders') }, data: { status: 'building' } });
  const { currentReleaseId } = await db.app.findUniqueOrThrow({ where: { id: await idOf('cart') } });
  await db.release.update({ where: { id: currentReleaseId ?? '' }, data: { status: 'pending' } });
  const again = { releaseId: currentReleaseId ?? '', lease: await takeLease() };
  expect(await startRelease(here.world.platform, again)).toMatchObject({ app: { id: await idOf('cart') } });
});

it('a service that needs one without an image waits, but not for one that failed', async () => {
  await needs('cart', ['orders']);
  await make([{ service: 'cart' }, { service: 'orders' }]);
  const { db } = here.world.platform;
  const orders = await db.projectService.update({
    where: { appId: await idOf('orders') },
    data: { status: 'pending', releaseId: null },
  });
  await db.release.updateMany({ where: { appId: orders.appId }, data: { status: 'cancelled' } });
  await (await waits('cart')).toThrow('orders of the environment must be up first');
  const [lease, message] = [await takeLease(), 'There is no such branch.'];
  await failService(here.world.platform, { appId: orders.appId, wish: orders.wish, lease, message });
  await releaseOf('cart');
  expect(await statusOf('cart')).toBe('ready');
});

it('services that need each other start together; a wait has an end', async () => {
  await needs('cart', ['orders', 'users']);
  await needs('orders', ['cart']);
  await needs('users', []);
  await make([{ service: 'cart' }, { service: 'orders' }, { service: 'users' }]);
  await releaseOf('orders');
  expect(await statusOf('orders')).toBe('ready');
  await (await waits('cart')).toThrow('users of the environment must be up first');
  const { db } = here.world.platform;
  const createdAt = new Date(Date.now() - 11 * 60_000);
  await db.release.updateMany({ where: { appId: await idOf('cart') }, data: { createdAt } });
  await releaseOf('cart');
  expect(await statusOf('cart')).toBe('ready');
});
