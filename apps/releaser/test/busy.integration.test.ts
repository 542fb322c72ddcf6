import { askSleep } from '@berth/platform/sleep/ask-sleep';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { addApp, addImage, addRelease, untilOver } from './deploy.js';
import { openWorld, type World } from './open-world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld({ BERTH_SLEEP_PUSH_OUT_AFTER: '3600' });
}, 120_000);
afterAll(() => world.close(), 60_000);

test('an app that says it works does not fall asleep, also not by hand, until it is done', async () => {
  const busy = `
const socket = require('node:net').createServer().listen('\\0berth-busy-test');
require('node:http').createServer((request, response) => {
  if (request.url === '/done') socket.close();
  response.end('ok');
}).listen(process.env.PORT);
process.on('SIGTERM', () => process.exit(0));`;
  const app = await addApp(world);
  const image = await addImage(world.platform, app, {
    files: { 'server.js': busy },
    processes: { web: 'node server.js' },
  });
  await untilOver(world.platform, await addRelease(world.platform, app, image));
  const ask = (wish: 'sleep') => askSleep(world.platform, { actor: { userId: app.userId }, app: app.name, wish });
  const rowOf = () => world.platform.db.sleep.findUnique({ where: { appId: app.id } });
  const isAwake = async () => ((await rowOf())?.state ?? 'awake') === 'awake';
  await ask('sleep');
  for (let looks = 0; looks < 10; looks++) {
    await world.platform.wake.publish(['sleep']);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await isAwake()).toBe(true);
  }
  expect(await rowOf()).toMatchObject({ wakes: 0, asleepAt: null });
  expect((await world.get(app.name, '/done')).status).toBe(200);
  await until('it sleeps', async () => {
    await ask('sleep');
    await new Promise((resolve) => setTimeout(resolve, 200));
    return !(await isAwake());
  });
}, 60_000);
