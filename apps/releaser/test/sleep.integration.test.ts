import { askSleep } from '@berth/platform/sleep/ask-sleep';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addApp, addImage, addRelease, server, type TestApp, untilOver } from './deploy.js';
import { openWorld, type World } from './open-world.js';
import { until } from './processes.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 120_000);
afterAll(() => world.close(), 60_000);

const stateOf = async ({ id }: TestApp) =>
  (await world.platform.db.sleep.findUnique({ where: { appId: id } }))?.state ?? 'awake';

async function deploy(processes: Record<string, string> = { web: 'node server.js' }): Promise<TestApp> {
  const app = await addApp(world);
  const image = await addImage(world.platform, app, { files: { 'server.js': server }, processes });
  const release = await untilOver(world.platform, await addRelease(world.platform, app, image));
  expect(release.status).toBe('succeeded');
  return app;
}

async function putToSleep(app: TestApp): Promise<void> {
  await until('it is whole', async () => {
    const rows = await world.platform.db.instance.findMany({ where: { appId: app.id } });
    return rows.length > 0 && rows.every(({ state }) => state === 'up');
  });
  await until('it sleeps', async () => {
    if ((await stateOf(app)) === 'awake')
      await askSleep(world.platform, { actor: { userId: app.userId }, app: app.name, wish: 'sleep' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    return ['frozen', 'pushed_out'].includes(await stateOf(app));
  });
}

test('an app that sleeps stands still, and its first request wakes it', async () => {
  const app = await deploy();
  expect((await world.get(app.name)).status).toBe(200);
  await putToSleep(app);
  const [container] = await world.engine.listInstances({ appId: app.id });
  const { containers } = await world.engine.readUsage();
  expect(containers.find(({ containerId }) => containerId === container?.containerId)?.isFrozen).toBe(true);
  const begun = performance.now();
  const answer = await world.get(app.name);
  console.log('woke in', performance.now() - begun);
  expect(answer).toMatchObject({ status: 200 });
  await until('it is awake', async () => (await stateOf(app)) === 'awake');
}, 60_000);
