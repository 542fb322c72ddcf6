import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { run } from '@berth/daemon/spawn';
import type { SleepWish } from '@berth/domain/plan-sleep';
import { noteShell } from '@berth/platform/shells/shell-note';
import { askSleep } from '@berth/platform/sleep/ask-sleep';
import { beginSleep } from '@berth/platform/sleep/begin-sleep';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../packages/daemon/test/free-port.js';
import { until } from '../../../packages/daemon/test/until.js';
import { addApp, addImage, addRelease, server, type TestApp, untilOver } from './deploy.js';
import { openWorld, type World } from './open-world.js';

let world: World;
/** A server of databases that hangs: it accepts connections and says nothing. */
const mute = createServer((socket) => socket.on('error', () => {}));
beforeAll(async () => {
  const port = await freePort();
  await once(mute.listen(port, '127.0.0.1'), 'listening');
  const data = { BERTH_DATA_HOST: '127.0.0.1', BERTH_DATA_PORT: String(port) };
  world = await openWorld({ BERTH_SLEEP_PUSH_OUT_AFTER: '3600', ...data });
}, 120_000);
afterAll(async () => {
  mute.close();
  await world.close();
}, 60_000);

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

const ask = (app: TestApp, wish: SleepWish) =>
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

async function slotOf({ id }: TestApp) {
  const { rolloutId } = await world.platform.db.route.findUniqueOrThrow({ where: { appId: id } });
  return (await world.platform.db.routerBackend.findUnique({ where: { rolloutId: rolloutId ?? '' } }))?.slot;
}

/** What the router's gate asks and hears. */
async function wake(whom: string): Promise<string> {
  const socket = connect(world.wakePort, '127.0.0.1');
  socket.write(`WAKE ${whom}\n`);
  return (await text(socket)).trim();
}

/** Its gate is closed, and the releaser has not come to freezing it. */
async function fallAsleepHalfway({ id }: TestApp): Promise<void> {
  const { rolloutId } = await world.platform.db.route.findUniqueOrThrow({ where: { appId: id } });
  await beginSleep(world.platform, { appId: id, rolloutId: rolloutId ?? '' });
}

async function addDatabase({ id, userId, environmentId }: TestApp): Promise<void> {
  const { teamId } = await world.platform.db.environment.findUniqueOrThrow({ where: { id: environmentId } });
  await world.platform.db.addOn.create({
    data: {
      ...{ teamId, name: `pg-${id}`, service: 'heroku-postgresql', plan: 'essential-0', status: 'provisioned' },
      ...{ database: `db-${id}`, createdById: userId, attachments: { create: { appId: id, name: 'DATABASE' } } },
    },
  });
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
  expect(performance.now() - begun).toBeLessThan(4_000); // not by the look each five seconds
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

test('one of which only the image is left is started anew by its first request', async () => {
  const app = await deploy({ web: 'node server.js', worker: 'node worker.js' });
  const before = (await world.engine.listInstances({ appId: app.id })).map(({ containerId }) => containerId);
  await until('its containers are gone', async () => {
    if ((await stateOf(app)) !== 'image_only') await ask(app, 'put_away');
    return (await stateOf(app)) === 'image_only' && (await world.engine.listInstances({ appId: app.id })).length === 0;
  });
  const answers = await Promise.all([world.get(app.name), world.get(app.name)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  await until('awake', () => isAwake(app));
  await until('its rows are up', async () => {
    const rows = await world.platform.db.instance.findMany({ where: { appId: app.id } });
    return rows.length === before.length && rows.every(({ state }) => state === 'up');
  });
  const after = await world.engine.listInstances({ appId: app.id });
  expect(after).toHaveLength(before.length);
  expect(after.filter(({ containerId }) => before.includes(containerId))).toEqual([]);
}, 60_000);

test('a stopped one whose containers somebody has pruned starts with new ones', async () => {
  const app = await deploy();
  await until('it is stopped', async () => {
    if ((await stateOf(app)) !== 'stopped') await ask(app, 'stop');
    return (await stateOf(app)) === 'stopped';
  });
  const [container] = await world.engine.listInstances({ appId: app.id });
  await run(['docker', 'rm', '-f', container?.containerId ?? '']);
  expect((await world.get(app.name)).status).toBe(200);
  await until('awake', () => isAwake(app));
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

test('who waits at the gate is never sent to another app, though the slot is another team’s by now', async () => {
  const first = await deploy();
  await putToSleep(first);
  const lent = (await slotOf(first)) ?? '';
  await deploy({ web: 'node server.js' }, first);
  await until(
    'its slot is free',
    async () => (await world.platform.db.routerBackend.count({ where: { slot: lent } })) === 0,
  );
  const second = await deploy();
  expect(await slotOf(second)).toBe(lent);
  const own = await slotOf(first);
  expect(own).not.toBe(lent);
  // A request that came as the slot was the first app's, and one of the second app's, which is just falling asleep.
  expect(await wake(`${lent}:${first.id}`)).toBe(`OK ${own}`);
  expect(await wake(`${lent}:${second.id}`)).toBe(`OK ${lent}`);
  expect(await wake(lent)).toBe('FAILED');
  await fallAsleepHalfway(second);
  expect((await world.get(second.name)).body).toContain('v1 web.1');
  await putToSleep(second);
  expect(await wake(`${lent}:${first.id}`)).toBe(`OK ${own}`);
  expect(await stateOf(second)).toBe('frozen');
  expect((await world.get(second.name)).body).toContain('v1 web.1');
  expect((await world.get(first.name)).body).toContain('v2 web.1');
}, 90_000);

test('an app whose locks nobody can tell in time stays awake, and its requests do not wait for that', async () => {
  const app = await deploy();
  await addDatabase(app);
  const asked = once(mute, 'connection');
  await ask(app, 'sleep');
  await asked;
  expect((await containersOf(app)).map(({ isFrozen }) => isFrozen)).toEqual([true]);
  const begun = performance.now();
  expect((await world.get(app.name)).status).toBe(200);
  expect(performance.now() - begun).toBeLessThan(1_800); // what it waits for the locks is 2 s
  await until('awake', () => isAwake(app));
  const askedAgain = once(mute, 'connection');
  await ask(app, 'sleep');
  await askedAgain;
  const since = performance.now();
  await until('awake without a request', () => isAwake(app));
  expect(performance.now() - since).toBeLessThan(4_000);
  expect((await containersOf(app)).map(({ isFrozen }) => isFrozen)).toEqual([false]);
  const row = await world.platform.db.sleep.findUniqueOrThrow({ where: { appId: app.id } });
  expect(row.wakes).toBe(0); // it never slept
}, 60_000);

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

test('one in which somebody has a shell by another process of ours stays awake until that is closed', async () => {
  const app = await deploy();
  const end = await noteShell(world.platform, { appId: app.id });
  await ask(app, 'sleep');
  await new Promise((resolve) => setTimeout(resolve, 8_000)); // one look of its loop, and more
  expect(await isAwake(app)).toBe(true);
  expect((await containersOf(app)).every(({ isFrozen }) => !isFrozen)).toBe(true);
  end();
  await putToSleep(app);
});

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
  for (const delayMs of [0, 300, 600, 900]) {
    // Frozen, stopped, its containers removed: wherever it was killed on that way, a request starts it.
    await ask(app, 'put_away');
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    await world.releaser.kill();
    world.releaser.restart();
    expect((await world.get(app.name)).status, `killed ${delayMs} ms after the wish to be put away`).toBe(200);
    await until('awake', () => isAwake(app));
  }
  await until('the host process is back', () =>
    world.engine.listInstances().then(
      () => true,
      () => false,
    ),
  );
}, 120_000);
