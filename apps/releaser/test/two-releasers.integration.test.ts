import { run } from '@berth/daemon/spawn';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { addApp, addImage, addRelease, type TestApp, untilOver } from './deploy.js';
import { untilNothingIsLeft } from './nothing-left.js';
import { openWorld, type World } from './open-world.js';
import type { OurProcess } from './processes.js';

// For a moment there are two releasers, when one is replaced: each works jobs, heals and looks, on the same rows and the same engine.

let world: World;
let second: OurProcess;
let apps: TestApp[];
beforeAll(async () => {
  world = await openWorld();
  second = await world.startSecondReleaser();
  apps = await Promise.all([1, 2, 3].map(() => addApp(world)));
  for (const { id: appId } of apps)
    for (const processType of ['web', 'clock'])
      await world.platform.db.formation.create({ data: { appId, processType, quantity: 1 } });
}, 120_000);
afterAll(async () => {
  await second?.stop();
  await world?.close();
}, 120_000);

const files = {
  'migrate.js': 'console.log("migrating"); setTimeout(() => console.log("migrated"), 700);',
  'server.js': `
    const { HEROKU_RELEASE_VERSION: version } = process.env;
    const server = require('node:http').createServer((request, response) => response.end(version));
    setTimeout(() => server.listen(process.env.PORT), 500);
    process.on('SIGTERM', () => setTimeout(() => process.exit(0), 300));`,
  'clock.js': 'process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1_000);',
};
const processes = { release: 'node migrate.js', web: 'node server.js', '!clock': 'node clock.js' };

/** One more release of each app. */
const releaseAll = (salt: string) =>
  Promise.all(
    apps.map(async (app) => {
      const image = await addImage(world.platform, app, { files: { ...files, salt }, processes });
      return addRelease(world.platform, app, image);
    }),
  );

/** Until the step is open in one of the releases, or all of them are over: a short step may be missed. */
const untilInStep = (releaseIds: string[], name: string) =>
  until(
    `the step ${name}`,
    async () => {
      const { db } = world.platform;
      const of = { OR: [{ releaseId: { in: releaseIds } }, { rollout: { releaseId: { in: releaseIds } } }] };
      const open = await db.step.count({ where: { ...of, name, endedAt: null } });
      const left = await db.release.count({ where: { id: { in: releaseIds }, endedAt: null } });
      return open > 0 || left === 0;
    },
    120_000,
    0,
  );

/** Each release has ended in one way, once, and was rolled out once; its release phase ran once. */
async function expectOnce(releaseIds: string[]): Promise<void> {
  const { db } = world.platform;
  for (const releaseId of releaseIds) {
    const release = await untilOver(world.platform, releaseId, 120_000);
    expect(release).toMatchObject({ status: 'succeeded', errorMessage: null });
    expect(await db.event.count({ where: { nounId: releaseId, name: 'release.succeeded' } })).toBe(1);
    expect(await db.rollout.count({ where: { releaseId, reason: 'release' } })).toBe(1);
    const { text } = await db.output.findUniqueOrThrow({ where: { releaseId } });
    expect(text.match(/^migrated$/gm)).toHaveLength(1);
  }
}

async function expectServed(releaseIds: string[]): Promise<void> {
  for (const [index, app] of apps.entries()) {
    const { version } = await world.platform.db.release.findUniqueOrThrow({ where: { id: releaseIds[index] ?? '' } });
    await untilNothingIsLeft(world, app, version);
    expect((await world.get(app.name)).body).toBe(`v${version}`);
  }
}

it('make each release once, whichever of them is killed in the middle', async () => {
  const releasers = [world.releaser, second];
  for (const [round, step] of ['release phase', 'start instances', 'await healthy', 'change singletons'].entries()) {
    const victim = releasers[round % 2];
    const releaseIds = await releaseAll(step);
    await untilInStep(releaseIds, step);
    await victim?.kill();
    try {
      await expectOnce(releaseIds);
    } finally {
      victim?.restart();
    }
    await expectServed(releaseIds);
  }
}, 600_000);

it('of releases that come one after the other only the last is served, and each has ended', async () => {
  const older = await releaseAll('older');
  const newer = await releaseAll('newer');
  await second.kill();
  try {
    await expectOnce(newer);
  } finally {
    second.restart();
  }
  for (const id of older) expect(['succeeded', 'superseded']).toContain((await untilOver(world.platform, id)).status);
  await expectServed(newer);
}, 300_000);

it('start an instance that died once', async () => {
  const [app] = apps;
  const { engine, platform } = world;
  const before = (await engine.listInstances({ appId: app?.id ?? '' })).find((one) => one.processType === 'web');
  await run(['docker', 'kill', before?.containerId ?? '']);
  await until(
    'it runs again',
    async () => {
      const all = await engine.listInstances({ appId: app?.id ?? '' });
      const states = all.map((one) => `${one.processType} ${one.state}`).sort();
      const up = await platform.db.instance.count({ where: { appId: app?.id ?? '', state: 'up' } });
      return JSON.stringify(states) === JSON.stringify(['clock running', 'web running']) && up === 2;
    },
    60_000,
  );
  await until('it is asked', async () => (await world.get(app?.name ?? '')).status === 200, 30_000);
  const rows = await platform.db.instance.count({ where: { appId: app?.id ?? '', state: { not: 'down' } } });
  expect(rows).toBe(2);
}, 120_000);
