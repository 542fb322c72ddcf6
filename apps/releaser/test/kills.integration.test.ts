import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { addApp, addImage, addRelease, type TestApp, untilOver } from './deploy.js';
import { startLoad } from './load.js';
import { untilNothingIsLeft } from './nothing-left.js';
import { openWorld, type World } from './open-world.js';

let world: World;
/** One app for all kills: each is one more release of it, under requests. */
let app: TestApp;
beforeAll(async () => {
  world = await openWorld();
  app = await deployFirst();
}, 120_000);
afterAll(() => world?.close(), 120_000);

/** Every step takes long enough to be killed in. */
const files = {
  'migrate.js': 'console.log("migrating"); setTimeout(() => console.log("migrated"), 700);',
  'server.js': `
    const { HEROKU_RELEASE_VERSION: version } = process.env;
    const server = require('node:http').createServer((request, response) => response.end(version));
    setTimeout(() => server.listen(process.env.PORT), 500);
    process.on('SIGTERM', () => setTimeout(() => process.exit(0), 700));`,
  'clock.js': 'process.on("SIGTERM", () => setTimeout(() => process.exit(0), 500)); setInterval(() => {}, 1_000);',
};
const processes = { release: 'node migrate.js', web: 'node server.js', clock: 'node clock.js' };

async function deployFirst(): Promise<TestApp> {
  const app = await addApp(world);
  for (const processType of ['web', 'clock'])
    await world.platform.db.formation.create({ data: { appId: app.id, processType, quantity: 1 } });
  const first = await addImage(world.platform, app, { files, processes });
  expect((await untilOver(world.platform, await addRelease(world.platform, app, first))).status).toBe('succeeded');
  return app;
}

/** Releases until `act` was done while the step was open; a short step may be missed. */
async function releaseAndDuring(step: string, act: () => Promise<void>) {
  const { platform } = world;
  for (let tries = 0; tries < 10; tries++) {
    const imageId = await addImage(platform, app, { files: { ...files, salt: `${step} ${tries}` }, processes });
    const releaseId = await addRelease(platform, app, imageId);
    const isHit = await until(
      `step ${step}`,
      async () => {
        const of = [{ releaseId }, { rollout: { releaseId } }];
        if (await platform.db.step.findFirst({ where: { OR: of, name: step, endedAt: null } })) return 'hit';
        const release = await platform.db.release.findUniqueOrThrow({ where: { id: releaseId } });
        return release.status === 'succeeded' && 'missed';
      },
      30_000,
      0,
    );
    if (isHit === 'missed') continue;
    await act();
    return untilOver(platform, releaseId, 60_000);
  }
  throw new Error(`step ${step} was never seen open`);
}

describe('a releaser that is killed', () => {
  it.each(['pull image', 'release phase', 'start instances', 'await healthy', 'switch route', 'change singletons'])(
    'in the step "%s" ends in the new release, which nobody noticed',
    async (step) => {
      const load = startLoad(world, app.name);
      const release = await releaseAndDuring(step, async () => {
        await world.releaser.kill();
        world.releaser.restart();
      });
      expect(release).toMatchObject({ status: 'succeeded', errorMessage: null });
      await untilNothingIsLeft(world, app, release.version);
      expect((await world.get(app.name)).body).toBe(`v${release.version}`);
      expect((await load.stop()).failures).toEqual([]);
    },
    180_000,
  );

  it('while it retires the old instances does so all the same', async () => {
    const load = startLoad(world, app.name);
    const imageId = await addImage(world.platform, app, { files: { ...files, salt: 'retire' }, processes });
    const release = await untilOver(world.platform, await addRelease(world.platform, app, imageId));
    await until('a server drains', async () =>
      world.platform.db.routerServer.findFirst({
        where: { instance: { appId: app.id }, wanted: { in: ['drain', 'gone'] } },
      }),
    );
    await world.releaser.kill();
    world.releaser.restart();
    await untilNothingIsLeft(world, app, release.version);
    expect((await load.stop()).failures).toEqual([]);
  }, 120_000);

  it('runs a release phase that was done not a second time, and keeps its output', async () => {
    const release = await releaseAndDuring('await healthy', async () => {
      await world.releaser.kill();
      world.releaser.restart();
    });
    const { text } = await world.platform.db.output.findUniqueOrThrow({ where: { releaseId: release.id } });
    expect(text.match(/^migrated$/gm)).toHaveLength(1);
    const phases = await world.platform.db.step.count({ where: { releaseId: release.id, name: 'release phase' } });
    expect(phases).toBe(1);
  }, 120_000);
});

describe('a host process that is killed', () => {
  it.each(['release phase', 'start instances', 'await healthy', 'change singletons'])(
    'in the step "%s" delays the new release',
    async (step) => {
      const load = startLoad(world, app.name);
      const release = await releaseAndDuring(step, async () => {
        await world.host.kill();
        world.host.restart();
      });
      expect(release).toMatchObject({ status: 'succeeded', errorMessage: null });
      await untilNothingIsLeft(world, app, release.version);
      expect((await load.stop()).failures).toEqual([]);
    },
    180_000,
  );
});
