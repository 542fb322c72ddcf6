import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createProject } from '@berth/platform/projects/create-project';
import { getProject } from '@berth/platform/projects/get-project';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../../packages/daemon/test/free-port.js';
import { addApp, addPerson, type Clone, makeClone, openWorld, type World } from './open-world.js';

let world: World;
let ann: Awaited<ReturnType<typeof addPerson>>;
let clone: Clone;
let port: number;
let child: ChildProcess;

beforeEach(async () => {
  world = await openWorld({ BERTH_PUSHES_MAX: '1' });
  await world.stopGit();
  ann = await addPerson(world, 'ann');
  clone = await makeClone(world, 'clone');
  port = await freePort();
  await start();
});
afterEach(async () => {
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

const urlOf = (app: string) => `http://any:${ann.token}@127.0.0.1:${port}/${app}.git`;

test('kill -9 during a push: the build goes on, and after the next start the branch is there', async () => {
  const app = await addApp(world, ann, 'killed');
  const commit = await clone.commit('hold');
  const pushed = clone.git(['push', urlOf(app.name), 'main']);
  await world.deployer.hasStarted(commit);
  child.kill('SIGKILL');
  expect((await pushed).code).not.toBe(0);
  world.deployer.release();
  await expect.poll(() => world.platform.db.push.count({ where: { appId: app.id, refWanted: true } })).toBe(1);
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

test('kill -9 while it makes the source of a service: after the next start it is made and built once', async () => {
  const app = await addApp(world, ann, 'sliced');
  const { platform } = world;
  const { db } = platform;
  const { id: appId, teamId, repositoryId } = app;
  const pipeline = await db.pipeline.create({
    data: { teamId, name: 'sliced', repositoryId, createdById: ann.userId },
  });
  await db.app.update({ where: { id: appId }, data: { pipelineId: pipeline.id } });
  await db.route.create({ data: { appId, hosts: ['sliced'], service: 'sliced' } });
  const sliced = await makeClone(world, 'sliced');
  await sliced.commit('first');
  await sliced.must(['push', urlOf('ann/sliced'), 'main']);
  await sliced.must(['checkout', '-q', '-b', 'red']);
  // Its archive takes long enough to be killed in.
  const commit = await sliced.commit('work', { 'large.txt': randomBytes(24 * 1024 * 1024).toString('hex') });
  await sliced.must(['push', urlOf('ann/sliced'), 'red']);

  const services = [{ service: 'sliced', branch: 'red' }];
  await createProject(platform, { actor: ann, name: 'red', base: 'production', team: teamId, services });
  const get = () => getProject(platform, { actor: ann, environment: 'red' });
  await expect
    .poll(() => db.lease.count({ where: { key: { startsWith: 'source:' }, expiresAt: { gt: new Date() } } }), {
      interval: 5,
    })
    .toBe(1);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect((await get()).status).toBe('pending');
  expect(await db.source.count({ where: { commit } })).toBe(0);
  await start();
  await expect.poll(async () => (await get()).status, { timeout: 60_000 }).toBe('ready');
  expect((await get()).services).toMatchObject([{ service: 'sliced', branch: 'red', commit, release: { version: 1 } }]);
  expect(await db.source.count({ where: { commit } })).toBe(1);
  expect(world.deployer.built.filter((built) => built === commit)).toHaveLength(1);
}, 120_000);

test('SIGTERM ends it with 0', async () => {
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
