import { run } from '@berth/daemon/spawn';
import { openRegistry } from '@berth/images/registry';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRegistry } from '../../../packages/images/test/start-registry.js';
import { addApp, addImage, addRelease, server, untilOver } from './deploy.js';
import { openWorld, type World } from './open-world.js';

let production: Awaited<ReturnType<typeof startRegistry>>;
let world: World;
/** The image as the engine has it in the end. */
let copy = '';
beforeAll(async () => {
  production = await startRegistry();
  world = await openWorld({ BERTH_PRODUCTION_REGISTRY_URL: production.url });
}, 120_000);
afterAll(async () => {
  await world?.close();
  if (copy) await run(['docker', 'rmi', copy], { check: false });
  await production?.stop();
}, 120_000);

const web = { files: { 'server.js': server }, processes: { web: 'node server.js' } };

it('runs the very image in production from its own registry, and the rest from where it was built', async () => {
  const { platform } = world;
  const registry = openRegistry({ url: production.url });
  const app = await addApp(world);
  const imageId = await addImage(platform, app, web);
  const { digest } = await platform.db.image.findUniqueOrThrow({ where: { id: imageId } });
  const repository = `app/${app.repositoryId}`;
  const imagesOf = async () => {
    const label = `label=berth.instance=${world.instance}`;
    const { stdout } = await run(['docker', 'ps', '--no-trunc', '--filter', label, '--format', '{{.Image}}']);
    return stdout
      .toString()
      .split('\n')
      .filter((image) => image.includes(repository));
  };

  expect(await untilOver(platform, await addRelease(platform, app, imageId))).toMatchObject({ status: 'succeeded' });
  expect(await registry.getManifest(repository, digest)).toBeUndefined();
  expect(await imagesOf()).toEqual([expect.not.stringContaining(new URL(production.url).host)]);

  await platform.db.environment.update({ where: { id: app.environmentId }, data: { registry: 'production' } });
  // Our collections free nothing there, so that a copy waits for none (and none for it).
  const window = await platform.db.collection.create({ data: { reason: 'person', windowBeganAt: new Date() } });
  const promoted = await untilOver(platform, await addRelease(platform, app, imageId));
  await platform.db.collection.delete({ where: { id: window.id } });
  expect(promoted).toMatchObject({ status: 'succeeded', registry: 'production', errorMessage: null });
  expect((await registry.getManifest(repository, digest))?.digest).toBe(digest);
  copy = `${new URL(production.url).host}/${repository}@${digest}`;
  expect(await imagesOf()).toContain(copy);
  expect((await world.get(app.name)).body).toBe('v2 web.1 ');
  await registry.close();
}, 150_000);
