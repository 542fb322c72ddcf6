import { randomBytes } from 'node:crypto';
import { run } from '@berth/daemon/spawn';
import { createProject } from '@berth/platform/projects/create-project';
import { destroyProject } from '@berth/platform/projects/destroy-project';
import { expireProjects } from '@berth/platform/projects/expire-projects';
import { getProject } from '@berth/platform/projects/get-project';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { addApp, addImage, addRelease, type TestApp, untilOver } from './deploy.js';
import { openWorld, type World } from './open-world.js';

/** Answers with its own name; slow enough in its start and its end to be killed in either. */
const files = {
  'server.js': `
    const { HEROKU_APP_NAME: name } = process.env;
    const server = require('node:http').createServer((request, response) => response.end(name));
    setTimeout(() => server.listen(process.env.PORT), 500);
    process.on('SIGTERM', () => setTimeout(() => process.exit(0), 1_500));`,
};
const services = ['cart', 'orders'].map((name) => `${name}-${randomBytes(2).toString('hex')}`);

let world: World;
let base: TestApp;
beforeAll(async () => {
  world = await openWorld();
  const { platform } = world;
  for (const name of services) {
    const app = await addApp(world, name);
    if (base) await moveTo(app, base);
    else base = app;
    const { teamId, repositoryId } = await platform.db.app.findUniqueOrThrow({ where: { id: app.id } });
    const data = { teamId, name, repositoryId, createdById: app.userId };
    await platform.db.app.update({ where: { id: app.id }, data: { pipeline: { create: data } } });
    const imageId = await addImage(platform, app, { files, processes: { web: 'node server.js' } });
    expect((await untilOver(platform, await addRelease(platform, app, imageId))).status).toBe('succeeded');
  }
}, 180_000);
afterAll(() => world?.close(), 120_000);

/** Into the team and environment of another app. */
const moveTo = (app: TestApp, { id }: TestApp) =>
  world.platform.db.app
    .findUniqueOrThrow({ where: { id } })
    .then(({ teamId, environmentId }) =>
      world.platform.db.app.update({ where: { id: app.id }, data: { teamId, environmentId } }),
    );

const actorOf = () => ({ userId: base.userId });
const start = (name: string, wanted = services) =>
  createProject(world.platform, {
    ...{ actor: actorOf(), name, base: 'production' },
    services: wanted.map((service) => ({ service })),
  });
const get = (environment: string) => getProject(world.platform, { actor: actorOf(), environment });
const ready = (name: string) =>
  until(
    'the environment is ready or failed',
    async () => {
      const view = await get(name);
      return (view.status === 'ready' || view.status === 'failed') && view;
    },
    60_000,
  );

async function expectNothingLeft(environmentId: string, appIds: string[]): Promise<void> {
  const { db } = world.platform;
  await until(
    'its row is gone',
    async () => (await db.environment.count({ where: { id: environmentId } })) === 0,
    90_000,
  );
  const label = (key: string, value: string) => ['--filter', `label=berth.${key}=${value}`];
  for (const appId of appIds)
    expect((await run(['docker', 'ps', '-aq', ...label('app', appId)])).stdout.toString()).toBe('');
  const networks = await run(['docker', 'network', 'ls', '-q', ...label('environment', environmentId)]);
  expect(networks.stdout.toString()).toBe('');
  expect(await db.app.count({ where: { id: { in: appIds } } })).toBe(0);
  await until('all jobs are done', async () => (await db.outbox.count({ where: { doneAt: null } })) === 0);
}

describe('a project environment of images that there are', () => {
  it('answers at an address per service, beside the base, and is destroyed with everything that it made', async () => {
    const { id } = await start('red');
    const view = await ready('red');
    expect(view).toMatchObject({ status: 'ready', message: null });
    expect(view.services[0]!.steps.map(({ name }) => name)).toContain('start instances');
    for (const name of services) {
      expect(await world.get(`${name}--red`)).toEqual({ status: 200, body: `${name}--red` });
      expect((await world.get(name)).body).toBe(name);
    }
    const apps = view.services.map(({ app }) => app.id);
    expect(
      (await run(['docker', 'network', 'ls', '-q', '--filter', `label=berth.environment=${id}`])).stdout.length,
    ).toBeGreaterThan(0);
    await destroyProject(world.platform, { actor: actorOf(), environment: 'red' });
    await until('its host is gone', async () => (await world.get(`${services[0]}--red`)).status !== 200);
    await expectNothingLeft(id, apps);
    expect((await world.get(services[0]!)).body).toBe(services[0]);
  }, 120_000);

  it('is ready also when the releaser is killed while its services start', async () => {
    await start('blue');
    await until('an instance starts', () =>
      world.platform.db.step.findFirst({
        where: { name: 'await healthy', endedAt: null, rollout: { app: { environment: { name: 'blue' } } } },
      }),
    );
    await world.releaser.kill();
    world.releaser.restart();
    expect(await ready('blue')).toMatchObject({ status: 'ready' });
    for (const name of services) expect((await world.get(`${name}--blue`)).body).toBe(`${name}--blue`);
  }, 120_000);

  it('is gone also when the releaser is killed while it stops them, and when its time is over', async () => {
    const view = await get('blue');
    const apps = view.services.map(({ app }) => app.id);
    const { destroyed } = await expireProjects(world.platform, { now: new Date(Date.now() + 73 * 3_600_000) });
    expect(destroyed).toEqual([view.id]);
    await until('a server drains', () =>
      world.platform.db.routerServer.findFirst({
        where: { instance: { appId: { in: apps } }, wanted: { in: ['drain', 'gone'] } },
      }),
    );
    await world.releaser.kill();
    world.releaser.restart();
    await expectNothingLeft(view.id, apps);
  }, 120_000);
});

it('what is needed starts first, also when the releaser is killed while the other waits; the section of projects holds', async () => {
  const { platform } = world;
  const [cart = '', orders = ''] = services;
  const { db } = platform;
  const ofCart = { repository: { pipeline: { name: cart } } };
  const app = await db.app.findFirstOrThrow({ where: { ...ofCart, environment: { kind: 'stable' } } });
  const environments = { project: { processes: { web: { command: 'HEROKU_APP_NAME=section node server.js' } } } };
  await db.image.updateMany({ where: { repositoryId: app.repositoryId }, data: { needs: [orders], environments } });
  const { id } = await start('green');
  const stepOf = (service: string, name: string) =>
    db.step.findFirst({ where: { name, rollout: { app: { name: `${service}--green` } } } });
  await until('what is needed starts', () => stepOf(orders, 'await healthy'));
  await world.releaser.kill();
  expect(await db.release.count({ where: { app: { name: `${cart}--green` }, status: 'pending' } })).toBe(1);
  world.releaser.restart();
  expect(await ready('green')).toMatchObject({ status: 'ready' });
  const [first, second] = [await stepOf(orders, 'switch route'), await stepOf(cart, 'start instances')];
  expect(second?.startedAt.getTime()).toBeGreaterThan(first?.endedAt?.getTime() ?? Number.POSITIVE_INFINITY);
  expect((await world.get(`${cart}--green`)).body).toBe('section');
  expect((await world.get(cart)).body).toBe(cart);
  const apps = (await get('green')).services.map((one) => one.app.id);
  await destroyProject(platform, { actor: actorOf(), environment: 'green' });
  await db.image.updateMany({ where: { repositoryId: app.repositoryId }, data: { needs: [], environments: {} } });
  await expectNothingLeft(id, apps);
}, 180_000);

it('one service that crashes leaves the other up, and is named with the reason', async () => {
  const broken = await addImage(world.platform, base, {
    files: { 'server.js': 'console.log("no config"); process.exit(3)' },
    processes: { web: 'node server.js' },
  });
  const { commit } = await world.platform.db.image.findUniqueOrThrow({ where: { id: broken } });
  const [first, second] = services;
  const name = `grey-${commit.slice(0, 6)}`;
  await createProject(world.platform, {
    ...{ actor: actorOf(), name, base: 'production' },
    services: [{ service: first!, commit }, { service: second! }],
  });
  const view = await ready(name);
  expect(view.services.map(({ status }) => status)).toEqual(['failed', 'ready']);
  expect(view.message).toBe(`${first} failed: web.1 exited with code 3 before it was ready: no config`);
  expect((await world.get(`${second}--${name}`)).body).toBe(`${second}--${name}`);
}, 120_000);
