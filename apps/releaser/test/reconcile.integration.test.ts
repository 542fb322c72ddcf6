import { run } from '@berth/daemon/spawn';
import { destroyApp } from '@berth/platform/apps/destroy-app';
import { scaleFormation } from '@berth/platform/formation/scale-formation';
import { restartInstances } from '@berth/platform/instances/restart-instances';
import { restartApp } from '@berth/platform/rollouts/restart-app';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { addApp, addImage, addRelease, server, type TestApp, untilOver } from './deploy.js';
import { startLoad } from './load.js';
import { openWorld, type World } from './open-world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 120_000);
afterAll(() => world?.close(), 120_000);

const worker = 'setInterval(() => {}, 1_000); process.on("SIGTERM", () => process.exit(0));';

async function deploy(files: Record<string, string> = {}, formation: Record<string, number> = {}): Promise<TestApp> {
  const app = await addApp(world);
  for (const [processType, quantity] of Object.entries(formation))
    await world.platform.db.formation.create({ data: { appId: app.id, processType, quantity } });
  const imageId = await addImage(world.platform, app, {
    files: { 'server.js': server, 'worker.js': worker, ...files },
    processes: { web: 'node server.js', worker: 'node worker.js' },
  });
  const release = await untilOver(world.platform, await addRelease(world.platform, app, imageId));
  expect(release.status).toBe('succeeded');
  return app;
}

const containers = (app: TestApp) => world.engine.listInstances({ appId: app.id });
const rows = (app: TestApp) =>
  world.platform.db.instance.findMany({
    where: { appId: app.id, state: { not: 'down' } },
    include: { server: true },
    orderBy: [{ processType: 'asc' }, { index: 'asc' }],
  });
const scale = (app: TestApp, processType: string, quantity: number) =>
  scaleFormation(world.platform, {
    actor: { userId: app.userId },
    app: app.name,
    changes: [{ processType, quantity }],
  });
const untilReady = (app: TestApp, count: number) =>
  until(`${count} instances serve`, async () => {
    const all = await rows(app);
    return (
      all.length === count &&
      all.every(
        (row) =>
          row.state === 'up' && (!row.server || (row.server.wanted === 'ready' && row.server.seen === 'healthy')),
      )
    );
  });

describe('the reconcile loop', () => {
  it('starts again what was killed, and anew what was removed', async () => {
    const app = await deploy();
    const [first] = await containers(app);
    await run(['docker', 'kill', first?.containerId ?? '']);
    await until('it runs again', async () => {
      const [row] = await rows(app);
      return row?.state === 'up' && row.restarts > 0;
    });
    await until('it answers', async () => (await world.get(app.name)).status === 200);
    const [again] = await containers(app);
    expect(again?.containerId).toBe(first?.containerId);

    await run(['docker', 'rm', '-f', first?.containerId ?? '']);
    await until('another one runs', async () => (await containers(app))[0]?.state === 'running');
    await untilReady(app, 1);
    await until('it answers', async () => (await world.get(app.name)).status === 200);
    expect((await containers(app))[0]?.containerId).not.toBe(first?.containerId);
  }, 60_000);

  it('scales up with instances that are healthy before they get requests, and down without a failed request', async () => {
    const app = await deploy();
    const load = startLoad(world, app.name);
    await scale(app, 'web', 3);
    await untilReady(app, 3);
    await until('each of them answers', () =>
      ['web.1', 'web.2', 'web.3'].every((name) => load.answers.has(`v1 ${name} `)),
    );
    await scale(app, 'web', 1);
    await until('one is left', async () => (await containers(app)).length === 1);
    const { failures } = await load.stop();
    expect(failures).toEqual([]);
    await untilReady(app, 1);
    expect((await rows(app)).map((row) => `${row.processType}.${row.index}`)).toEqual(['web.1']);
    await scale(app, 'web', 0);
    await until('none is left', async () => (await containers(app)).length === 0);
    expect((await world.get(app.name)).status).toBe(503);
    await scale(app, 'web', 1);
    await untilReady(app, 1);
    await until('it answers', async () => (await world.get(app.name)).status === 200);
  }, 90_000);

  it.each([1, 2])(
    'restarts %i web instances on request without a failed request',
    async (quantity) => {
      const app = await deploy({}, { web: quantity });
      const before = (await containers(app)).map((one) => one.containerId);
      const load = startLoad(world, app.name);
      await restartInstances(world.platform, { actor: { userId: app.userId }, app: app.name, processType: 'web' });
      await until(
        'all are new, and no more than asked for',
        async () => {
          const now = await containers(app);
          return now.length === quantity && now.every((one) => !before.includes(one.containerId));
        },
        40_000,
      );
      await untilReady(app, quantity);
      expect((await load.stop()).failures).toEqual([]);
    },
    90_000,
  );

  it('gives an instance the size that it was scaled to, without a failed request', async () => {
    const app = await deploy();
    const load = startLoad(world, app.name);
    await scaleFormation(world.platform, {
      actor: { userId: app.userId },
      app: app.name,
      changes: [{ processType: 'web', size: 'standard-2x' }],
    });
    await until(
      'it has 1 GiB and is alone',
      async () => {
        const now = await containers(app);
        return now.length === 1 && now[0]?.index === 1 && now[0].memoryBytes === 1024 ** 3;
      },
      40_000,
    );
    await untilReady(app, 1);
    expect((await load.stop()).failures).toEqual([]);
  }, 90_000);

  it('restarts an app as a rollout of its own without a failed request', async () => {
    const app = await deploy({}, { web: 1, worker: 1 });
    const before = (await containers(app)).map((one) => one.containerId);
    const load = startLoad(world, app.name);
    const { rolloutId } = await restartApp(world.platform, { actor: { userId: app.userId }, app: app.name });
    await until('the rollout is done', async () => {
      const rollout = await world.platform.db.rollout.findUniqueOrThrow({ where: { id: rolloutId } });
      return rollout.status === 'succeeded';
    });
    await until('only new ones are left', async () => {
      const now = await containers(app);
      return now.length === 2 && now.every((one) => !before.includes(one.containerId));
    });
    expect((await load.stop()).failures).toEqual([]);
  }, 90_000);

  it('calls a worker that keeps exiting crashed, and tries it less and less often', async () => {
    const app = await deploy({ 'worker.js': 'setTimeout(() => process.exit(4), 300); console.log("no queue")' });
    await scale(app, 'worker', 1);
    const crashed = await until('it is called crashed', async () => {
      const all = await rows(app);
      return all.find((row) => row.processType === 'worker' && row.state === 'crashed' && row.restarts >= 2);
    });
    expect(crashed).toMatchObject({ exitCode: 4, message: 'Exited with code 4: no queue' });
    const { restarts } = crashed;
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    const later = (await rows(app)).find((row) => row.processType === 'worker');
    expect((later?.restarts ?? 0) - restarts).toBeLessThanOrEqual(2);
  }, 60_000);

  it('removes containers that are ours by label and belong to nobody', async () => {
    const app = await deploy();
    const [one] = await containers(app);
    const { Config } = JSON.parse((await run(['docker', 'inspect', one?.containerId ?? ''])).stdout.toString())[0];
    const labels = { ...(Config.Labels as Record<string, string>), 'berth.rollout': 'of-nobody' };
    const flags = Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
    await run(['docker', 'run', '-d', '--init', ...flags, '--entrypoint', 'sleep', Config.Image, '1000']);
    await until('it is gone', async () => (await containers(app)).length === 1, 45_000);
    expect((await containers(app))[0]?.containerId).toBe(one?.containerId);
  }, 90_000);

  it('leaves nothing of an app that is destroyed', async () => {
    const app = await deploy({}, { web: 2, worker: 1 });
    await destroyApp(world.platform, { actor: { userId: app.userId }, app: app.name });
    await until(
      'its rows are gone',
      async () => (await world.platform.db.app.count({ where: { id: app.id } })) === 0,
      45_000,
    );
    expect(await containers(app)).toEqual([]);
    expect((await world.get(app.name)).status).toBe(404);
  }, 90_000);
});
