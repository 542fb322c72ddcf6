import { run } from '@berth/daemon/spawn';
import { askSleep } from '@berth/platform/sleep/ask-sleep';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addApp, addImage, addRelease, server, type TestApp, untilOver } from './deploy.js';
import { openWorld, type World } from './open-world.js';
import { until } from './processes.js';

let world: World;
beforeAll(async () => {
  world = await openWorld({ BERTH_SLEEP_PUSH_OUT_AFTER: '3600' });
}, 120_000);
afterAll(() => world.close(), 60_000);

const files = { 'server.js': server, 'worker.js': 'setInterval(() => {}, 1000)' };
const stateOf = async ({ id }: TestApp) =>
  (await world.platform.db.sleep.findUnique({ where: { appId: id } }))?.state ?? 'awake';
const isAwake = async (app: TestApp) => (await stateOf(app)) === 'awake';

async function deploy(processes: Record<string, string> = { web: 'node server.js' }, app?: TestApp): Promise<TestApp> {
  const made = app ?? (await addApp(world));
  const image = await addImage(world.platform, made, { files, processes });
  const release = await untilOver(world.platform, await addRelease(world.platform, made, image));
  expect(release.status).toBe('succeeded');
  return made;
}

const ask = (app: TestApp, wish: 'sleep' | 'wake') =>
  askSleep(world.platform, { actor: { userId: app.userId }, app: app.name, wish });

async function putToSleep(app: TestApp): Promise<void> {
  await until('it sleeps', async () => {
    if (await isAwake(app)) await ask(app, 'sleep');
    await new Promise((resolve) => setTimeout(resolve, 100));
    return (await stateOf(app)) === 'frozen';
  });
}

async function containersOf(app: TestApp) {
  const ids = (await world.engine.listInstances({ appId: app.id })).map(({ containerId }) => containerId);
  const { containers } = await world.engine.readUsage();
  return containers.filter(({ containerId }) => ids.includes(containerId));
}

/** What the loop of five seconds does of itself is not waited for. */
const look = () => world.platform.wake.publish(['sleep']);

test('an app that sleeps stands still, and its first request wakes it', async () => {
  const app = await deploy({ web: 'node server.js', worker: 'node worker.js' });
  expect((await world.get(app.name)).body).toContain('v1 web.1');
  await putToSleep(app);
  expect((await containersOf(app)).map(({ isFrozen }) => isFrozen)).toEqual([true]);
  const begun = performance.now();
  expect((await world.get(app.name)).status).toBe(200);
  expect(performance.now() - begun).toBeLessThan(1_000);
  await until('its rows say so', () => isAwake(app));
  const row = await world.platform.db.sleep.findUniqueOrThrow({ where: { appId: app.id } });
  expect(row).toMatchObject({ wakes: 1, rolloutId: null, asleepAt: null });
  expect(Number(row.sleptMs)).toBeGreaterThan(0);
}, 60_000);

test('one that was stopped in its sleep is started by its first request, POST and GET, and then healed as ever', async () => {
  const app = await deploy();
  await putToSleep(app);
  const [container] = await world.engine.listInstances({ appId: app.id });
  // The host was restarted: its processes have ended.
  await run(['docker', 'kill', container?.containerId ?? '']);
  await until('it sleeps on as a stopped one', async () => {
    await look();
    return (await stateOf(app)) === 'stopped';
  });
  await until('its row is down', async () => {
    const [row] = await world.platform.db.instance.findMany({ where: { appId: app.id } });
    return row?.state === 'down';
  });
  const answers = await Promise.all([world.get(app.name), world.get(app.name), world.get(app.name)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  await until('awake', () => isAwake(app));
  const [again] = await world.engine.listInstances({ appId: app.id });
  expect(again).toMatchObject({ containerId: container?.containerId, state: 'running' });
  await until('its row is up', async () => {
    const [row] = await world.platform.db.instance.findMany({ where: { appId: app.id } });
    return row?.state === 'up';
  });
}, 60_000);

test('a deploy to a sleeping app takes its place, and nothing of the old one stays', async () => {
  const app = await deploy();
  await putToSleep(app);
  await deploy({ web: 'node server.js' }, app);
  expect((await world.get(app.name)).body).toContain('v2 web.1');
  await until('the old one is gone', async () => {
    const versions = (await world.engine.listInstances({ appId: app.id })).map(({ releaseVersion }) => releaseVersion);
    return versions.length === 1 && versions[0] === 2;
  });
  await until('its rows say awake', async () => {
    await look();
    return isAwake(app);
  });
  expect((await containersOf(app)).map(({ isFrozen }) => isFrozen)).toEqual([false]);
}, 90_000);

test('scaling wakes it, and so does a person', async () => {
  const app = await deploy();
  await putToSleep(app);
  await world.platform.db.formation.updateMany({ where: { appId: app.id }, data: { quantity: 2 } });
  await until('two are up', async () => {
    await look();
    const rows = await world.platform.db.instance.findMany({ where: { appId: app.id, state: 'up' } });
    return rows.length === 2;
  });
  await putToSleep(app);
  expect((await containersOf(app)).map(({ isFrozen }) => isFrozen)).toEqual([true, true]);
  await ask(app, 'wake');
  await until('awake', () => isAwake(app));
}, 60_000);

test('what stands still without a row that says so is thawed', async () => {
  const app = await deploy();
  const [container] = await containersOf(app);
  await world.engine.freezeInstances([container?.containerId ?? '']);
  await until('thawed', async () => {
    await look();
    return (await containersOf(app)).every(({ isFrozen }) => !isFrozen);
  });
}, 60_000);

test('kill -9 of the releaser or the host process, asleep, falling asleep or waking, never leaves an app that cannot wake', async () => {
  const app = await deploy();
  for (const [name, delayMs] of [
    ['releaser', 0],
    ['host', 0],
    ['releaser', 15],
    ['host', 15],
    ['releaser', 40],
    ['host', 40],
  ] as const) {
    await putToSleep(app);
    const answer = world.get(app.name);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    await world[name].kill();
    world[name].restart();
    expect(await answer, `${name} killed ${delayMs} ms after the request`).toMatchObject({ status: 200 });
    await until('awake', () => isAwake(app));
  }
  for (const delayMs of [0, 10, 20, 40]) {
    await ask(app, 'sleep');
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    await world.releaser.kill();
    world.releaser.restart();
    expect((await world.get(app.name)).status, `killed ${delayMs} ms after the wish to sleep`).toBe(200);
  }
  await until('the host process is back', () => world.engine.listInstances().then(() => true, () => false)); // biome-ignore format: short
}, 120_000);
