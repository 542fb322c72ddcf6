import type { RunOverride } from '@berth/domain/run-settings';
import { describe, expect, it } from 'vitest';
import { destroyApp } from '../src/apps/destroy-app.js';
import { finishDestroy } from '../src/apps/finish-destroy.js';
import { startDestroy } from '../src/apps/start-destroy.js';
import { finishBuild } from '../src/builds/finish-build.js';
import { startBuild } from '../src/builds/start-build.js';
import { setConfigVars } from '../src/config-vars/set-config-vars.js';
import { changeEnvironment } from '../src/environments/change-environment.js';
import { createEnvironment } from '../src/environments/create-environment.js';
import { listFormation } from '../src/formation/list-formation.js';
import { scaleFormation } from '../src/formation/scale-formation.js';
import { createProject } from '../src/projects/create-project.js';
import { diffPromotion } from '../src/promotions/diff-promotion.js';
import { getPromotion } from '../src/promotions/get-promotion.js';
import { listPromotions } from '../src/promotions/list-promotions.js';
import { releasePromoted } from '../src/promotions/release-promoted.js';
import { startPromotion } from '../src/promotions/start-promotion.js';
import { readWork } from '../src/rollouts/read-work.js';
import { image, push, release, worldWithPipeline } from './open-world.js';

const { here, appIn } = worldWithPipeline();

const environments: Record<string, RunOverride> = {
  daily: { processes: { worker: { quantity: 1 } } },
  qa: {
    processes: { web: { size: 'standard-2x', quantity: 2 } },
    healthcheck: { path: '/ready' },
    release: 'run migrations',
    cron: [{ schedule: '@hourly', command: 'run hourly' }],
  },
  project: {
    processes: { web: { command: 'run web --debug', size: 'standard-2x' }, worker: { quantity: 0 } },
    cron: [],
  },
};

/** From push to live, with what a berth.yaml of these sections makes. */
async function deploy(appId: string, commit: string) {
  const { platform, owner } = here.world;
  const { buildId } = await push(platform, owner, appId, commit);
  const lease = await here.world.lease();
  await startBuild(platform, { buildId: buildId ?? '', lease });
  const cron = [{ schedule: '@daily', command: 'run daily' }];
  const built = { ...image(commit, ['web', 'worker']), cron, environments };
  const done = await finishBuild(platform, { buildId: buildId ?? '', lease, image: built });
  await release(here.world, done?.releaseId ?? '');
}

async function promote(from: string, to: string): Promise<string> {
  const { platform, owner: actor } = here.world;
  const { id: promotionId } = await startPromotion(platform, { actor, source: appIn(from).id, target: appIn(to).id });
  const lease = await here.world.lease();
  await releasePromoted(platform, { promotionId, lease });
  await release(here.world, (await getPromotion(platform, { actor, promotion: promotionId })).release?.id ?? '');
  return promotionId;
}

/** A release of the same image by a config change; its id. */
async function changeConfig(app: string): Promise<string> {
  const { platform, owner: actor } = here.world;
  await setConfigVars(platform, { actor, app, changes: { A: '1' } });
  const newest = await platform.db.release.findFirstOrThrow({ where: { appId: app }, orderBy: { version: 'desc' } });
  return newest.id;
}

const workIn = async (environment: string) => {
  const { currentReleaseId } = await here.world.platform.db.app.findUniqueOrThrow({
    where: { id: appIn(environment).id },
  });
  const work = await readWork(here.world.platform, here.world.platform.db, currentReleaseId ?? '');
  return work!;
};
const formationIn = async (environment: string) =>
  (await listFormation(here.world.platform, { actor: here.world.owner, app: appIn(environment).id })).map(
    ({ processType, quantity, size }) => [processType, quantity, size],
  );

describe('what differs by environment', () => {
  it('goes with the image: a promotion takes up the section of its target, by the same digest', async () => {
    await deploy(appIn('daily').id, 'one');
    expect(await formationIn('daily')).toEqual([
      ['web', 1, 'standard-1x'],
      ['worker', 1, 'standard-1x'],
    ]);
    const { platform, owner: actor } = here.world;
    const { processes } = await diffPromotion(platform, { actor, source: appIn('daily').id, target: appIn('qa').id });
    expect(processes).toContainEqual({ name: 'release', from: null, to: 'run migrations' });
    expect(processes).toContainEqual({ name: 'web at first', from: null, to: '2 × standard-2x' });
    const project = expect.stringContaining('run web --debug');
    expect(processes).toContainEqual({ name: 'environment project', from: null, to: project });
    expect(processes.map(({ name }) => name)).not.toContain('environment qa');
    expect(processes).toContainEqual({
      ...{ name: 'cron.1', from: null, to: '{"schedule":"@hourly","command":"run hourly"}' },
    });
    await promote('daily', 'qa');
    const [daily, qa] = [await workIn('daily'), await workIn('qa')];
    expect(qa.image.digest).toBe(daily.image.digest);
    expect([daily.image.healthcheck.path, qa.image.healthcheck.path]).toEqual(['/', '/ready']);
    expect(qa.image.processTypes.map(({ name }) => name)).toEqual(['web', 'worker', 'release']);
    expect(await formationIn('qa')).toEqual([
      ['web', 2, 'standard-2x'],
      ['worker', 0, 'standard-1x'],
    ]);
    const jobs = await platform.db.cronJob.findMany({ where: { appId: appIn('qa').id } });
    expect(jobs).toMatchObject([{ command: 'run hourly' }]);
    const next = await diffPromotion(platform, { actor, source: appIn('qa').id, target: appIn('pre').id });
    expect(next.processes.map(({ name }) => name)).toEqual([
      ...['cron.1', 'environment daily', 'environment project', 'environment qa', 'web', 'worker'],
    ]); // nothing there yet: as everywhere
  });

  it('in a project environment is that of its base, then that of projects', async () => {
    const { platform, owner: actor } = here.world;
    await deploy(appIn('daily').id, 'two');
    const name = `red-${here.pipeline.name}`;
    await createProject(platform, { actor, name, base: 'daily', services: [{ service: here.pipeline.name }] });
    const app = await platform.db.app.findUniqueOrThrow({
      where: { name: `${here.pipeline.name}--${name}` },
      include: { releases: true },
    });
    expect(app.releases[0]?.sections).toEqual(['daily', 'project']);
    const work = await readWork(platform, platform.db, app.releases[0]?.id ?? '');
    expect(work?.image.processTypes[0]?.command).toBe('run web --debug');
    expect(work?.image.cron).toEqual([]);
    // Of its base, until its first release begins.
    const formation = async () =>
      (await platform.db.formation.findMany({ where: { appId: app.id }, orderBy: { processType: 'asc' } })).map(
        ({ processType, quantity, size }) => [processType, quantity, size],
      );
    expect(await formation()).toEqual([
      ['web', 1, 'standard-1x'],
      ['worker', 1, 'standard-1x'],
    ]);
    await release(here.world, app.releases[0]?.id ?? '');
    expect(await formation()).toEqual([
      ['web', 1, 'standard-2x'],
      ['worker', 0, 'standard-1x'],
    ]);
    // From then on as it is scaled.
    await scaleFormation(platform, { actor, app: app.id, changes: [{ processType: 'worker', quantity: 1 }] });
    const again = await changeConfig(app.id);
    await release(here.world, again);
    expect((await formation())[1]).toEqual(['worker', 1, 'standard-1x']);
  });

  it('stays what it was when the environment gets another name, until the next deploy', async () => {
    const { platform, owner: actor } = here.world;
    await deploy(appIn('daily').id, 'three');
    await promote('daily', 'qa');
    const rename = (environment: string, to: string) =>
      changeEnvironment(platform, { actor, team: 'default', environment, name: to });
    await rename('qa', 'tests');
    try {
      expect((await workIn('qa')).image.healthcheck.path).toBe('/ready');
    } finally {
      await rename('tests', 'qa');
    }
    await expect(rename('qa', 'project')).rejects.toMatchObject({ code: 'invalid_params' });
    expect(() => createEnvironment(platform, { actor, team: 'default', name: 'project' })).toThrow(
      'A stable environment cannot be called project.',
    );
  });
});

describe('the size of an environment', () => {
  it('is that of new processes whose files name none, there and in project environments upon it', async () => {
    const { platform, owner: actor } = here.world;
    const size = (wanted: string | null) =>
      changeEnvironment(platform, { actor, team: 'default', environment: 'daily', policy: { size: wanted as never } });
    await size('performance-m');
    try {
      await deploy(appIn('daily').id, 'four');
      expect(await formationIn('daily')).toEqual([
        ['web', 1, 'performance-m'],
        ['worker', 1, 'performance-m'],
      ]);
      await promote('daily', 'qa');
      expect((await formationIn('qa'))[1]).toEqual(['worker', 0, 'standard-1x']);
      await expect(size('huge')).rejects.toThrow(/policy.size: is a size: standard-1x, standard-2x/);
    } finally {
      await size(null);
    }
  });
});

it('a promotion is told of when the app that it came from is gone', async () => {
  const { platform, owner: actor } = here.world;
  await deploy(appIn('daily').id, 'five');
  const id = await promote('daily', 'qa');
  const [appId, { name }] = [appIn('daily').id, appIn('daily')];
  await destroyApp(platform, { actor, app: appId });
  await startDestroy(platform, { appId });
  await finishDestroy(platform, { appId, lease: await here.world.lease() });
  const [told] = await listPromotions(platform, { actor, pipeline: here.pipeline.name });
  expect(told).toMatchObject({ id, status: 'succeeded' });
  expect(told?.source).toEqual({ app: { id: null, name }, environment: 'daily', version: 1 });
});
