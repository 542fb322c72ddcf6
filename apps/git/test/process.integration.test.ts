import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addApp, addPerson, type Clone, makeClone, openWorld, type World } from './open-world.js';

let world: World;
let ann: Awaited<ReturnType<typeof addPerson>>;
let clone: Clone;
let port: number;
let child: ChildProcess;

beforeAll(async () => {
  world = await openWorld({ BERTH_PUSHES_MAX: '1' });
  await world.stopGit();
  ann = await addPerson(world, 'ann');
  clone = await makeClone(world, 'clone');
  port = await freePort();
  await start();
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await world?.close();
});

/** The process as it runs in production, from the compiled files. */
async function start() {
  child = spawn(process.execPath, [fileURLToPath(new URL('../dist/main.js', import.meta.url))], {
    env: { PATH: process.env.PATH, ...world.env, BERTH_GIT_HTTP_PORT: String(port) },
    stdio: 'inherit',
  });
  while ((await health()) !== 200 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 50));
  if (child.exitCode !== null) throw new Error(`the process ended with ${child.exitCode}`);
}

const health = () =>
  fetch(`http://127.0.0.1:${port}/health`).then(
    ({ status }) => status,
    () => 0,
  );

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

const urlOf = (app: string) => `http://any:${ann.token}@127.0.0.1:${port}/${app}.git`;

test('kill -9 during a push: the build goes on, and after the next start the branch is there', async () => {
  const app = await addApp(world, ann, 'killed');
  const commit = await clone.commit('hold');
  const pushed = clone.git(['push', urlOf(app.name), 'main']);
  await world.deployer.hasStarted(commit);
  child.kill('SIGKILL');
  expect((await pushed).code).not.toBe(0);
  world.deployer.release();
  await expect
    .poll(() => world.platform.db.push.count({ where: { appId: app.id, refWanted: true } }), { timeout: 10_000 })
    .toBe(1);
  await start();
  const { refAppliedAt } = await world.platform.db.push.findFirstOrThrow({ where: { appId: app.id } });
  expect(refAppliedAt).not.toBeNull();
  expect(await clone.must(['ls-remote', urlOf(app.name), 'main'])).toContain(`${commit}\trefs/heads/main`);
});

test('more pushes at a time than the setting allows are refused in a sentence, and taken later', async () => {
  const [first, second] = [await addApp(world, ann, 'first'), await addApp(world, ann, 'second')];
  const commit = await clone.commit('hold slot');
  const pushed = clone.git(['push', urlOf(first.name), 'main']);
  await world.deployer.hasStarted(commit);
  const refused = await clone.git(['push', urlOf(second.name), 'main']);
  expect(refused.output).toContain('Too many pushes at this moment: try again in a minute.');
  world.deployer.release();
  expect((await pushed).code).toBe(0);
  await clone.commit('later');
  expect((await clone.git(['push', urlOf(second.name), 'main'])).code).toBe(0);
});

test('SIGTERM ends it with 0', async () => {
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
