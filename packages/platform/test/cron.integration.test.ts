import type { CronJob } from '@berth/domain/process-type';
import { readLines } from '@berth/logs/log-stream';
import { describe, expect, it } from 'vitest';
import { finishBuild } from '../src/builds/finish-build.js';
import { startBuild } from '../src/builds/start-build.js';
import { addFirstConfigVars } from '../src/config-vars/add-first-config-vars.js';
import { getConfigVars } from '../src/config-vars/get-config-vars.js';
import { setConfigVars } from '../src/config-vars/set-config-vars.js';
import { finishCronRun } from '../src/cron/finish-cron-run.js';
import { listCronJobs } from '../src/cron/list-cron-jobs.js';
import { readCronRun } from '../src/cron/read-cron-run.js';
import { startCronRun } from '../src/cron/start-cron-run.js';
import { startDueRuns } from '../src/cron/start-due-runs.js';
import { isFirstDeploy } from '../src/releases/is-first-deploy.js';
import { image, push, release, worldWithApp } from './open-world.js';

const here = worldWithApp();
const everyMinute: CronJob = { schedule: '* * * * *', command: 'node tick.js' };
const minute = 60_000;

/** From push to live, with these cron jobs. */
async function deploy(commit: string, cron: CronJob[], postdeploy: string | null = null) {
  const { world, app } = here;
  const { buildId } = await push(world.platform, world.owner, app.id, commit);
  const lease = await world.lease();
  await startBuild(world.platform, { buildId: buildId!, lease });
  const built = { ...image(commit), cron, postdeploy };
  const finished = await finishBuild(world.platform, { buildId: buildId!, lease, image: built });
  await release(world, finished!.releaseId!);
}

const jobs = () =>
  here.world.platform.db.cronJob.findMany({ where: { appId: here.app.id }, orderBy: { position: 'asc' } });
const runs = () => here.world.platform.db.cronRun.findMany({ where: { appId: here.app.id } });
/** The scheduler last looked this long ago. */
const lookedAgo = (ms: number) =>
  here.world.platform.db.cronJob.updateMany({
    where: { appId: here.app.id },
    data: { nextAt: new Date(Date.now() - ms) },
  });
const lines = async () => {
  const { platform } = here.world;
  const all = await readLines(platform.redis, platform.instance, here.app.id, { count: 100 });
  return all.filter(({ process }) => process.startsWith('cron.')).map(({ process, text }) => `${process}: ${text}`);
};

describe('cron jobs', () => {
  it('are those of the current release; one whose schedule stays is due when it was', async () => {
    await deploy('one', [everyMinute, { schedule: '@daily', command: 'node daily.js', size: 'standard-2x' }]);
    const before = await jobs();
    expect(before).toMatchObject([
      { position: 1, ...everyMinute, size: null },
      { position: 2, schedule: '@daily', command: 'node daily.js', size: 'standard-2x' },
    ]);
    for (const { nextAt } of before) expect(nextAt.getTime()).toBeGreaterThan(Date.now());
    await lookedAgo(500);
    const due = (await jobs())[0]!.nextAt;
    await deploy('two', [{ ...everyMinute, command: 'node new.js' }]);
    expect(await jobs()).toMatchObject([{ position: 1, command: 'node new.js', nextAt: due }]);
    await deploy('three', []);
    expect(await jobs()).toEqual([]);
  });

  it('have one run per due time, however many schedulers look', async () => {
    await deploy('one', [everyMinute]);
    await lookedAgo(1);
    await Promise.all(Array.from({ length: 8 }, () => startDueRuns(here.world.platform)));
    await startDueRuns(here.world.platform);
    expect(await runs()).toMatchObject([{ position: 1, status: 'pending', command: 'node tick.js' }]);
    const asked = await here.world.platform.db.outbox.findMany({ where: { name: 'cron.run' } });
    expect(asked.map(({ payload }) => payload)).toContainEqual({ appId: here.app.id, runId: (await runs())[0]!.id });
    expect((await jobs())[0]!.nextAt.getTime()).toBeGreaterThan(Date.now());
  });

  it('have one run per due time, also when its job says again that it is due', async () => {
    await deploy('one', [everyMinute]);
    await lookedAgo(1);
    await startDueRuns(here.world.platform);
    await lookedAgo(1);
    await startDueRuns(here.world.platform);
    expect(await runs()).toHaveLength(1);
    expect((await jobs())[0]!.nextAt.getTime()).toBeGreaterThan(Date.now());
  });

  it('are not made up for when nobody looked, and that is said', async () => {
    await deploy('one', [{ schedule: '0 0 1 1 *', command: 'node yearly.js' }]);
    await lookedAgo(3 * minute);
    await startDueRuns(here.world.platform);
    expect(await runs()).toEqual([]);
    expect((await jobs())[0]!.nextAt.getTime()).toBeGreaterThan(Date.now());
    expect(await lines()).toEqual([
      expect.stringMatching(/^cron.1: Berth was not running at .*: what was due since then is not made up for$/),
    ]);
  });

  it('run once after a pause, for the last due time', async () => {
    await deploy('one', [everyMinute]);
    await lookedAgo(10 * minute);
    await startDueRuns(here.world.platform);
    const [only, ...others] = await runs();
    expect(others).toEqual([]);
    expect(Date.now() - only!.scheduledAt.getTime()).toBeLessThan(2 * minute);
  });

  it('never overlap themselves: a run that is due meanwhile is skipped and said', async () => {
    const { platform } = here.world;
    await deploy('one', [everyMinute]);
    const { id: appId } = here.app;
    const earlier = new Date('2026-01-01T00:00:00Z');
    const of = { appId, position: 1, scheduledAt: earlier, command: 'x', status: 'running' as const };
    await platform.db.cronRun.create({ data: of });
    await lookedAgo(1);
    await startDueRuns(platform);
    expect((await runs()).find(({ scheduledAt }) => scheduledAt > earlier)).toMatchObject({
      status: 'skipped',
      message: 'The run of 2026-01-01T00:00:00.000Z still goes on.',
    });
    expect(await lines()).toEqual(['cron.1: Skipped: The run of 2026-01-01T00:00:00.000Z still goes on.']);
  });

  it('are started at most once, and tell how they ended', async () => {
    const { platform } = here.world;
    await deploy('one', [everyMinute]);
    await lookedAgo(1);
    await startDueRuns(platform);
    const runId = (await runs())[0]!.id;
    const lease = await here.world.lease(`cron:${runId}`);
    expect(await readCronRun(platform, { runId })).toMatchObject({ isCutOff: false, run: { process: 'cron.1' } });
    const starts = await Promise.all([1, 2, 3].map(() => startCronRun(platform, { runId, version: 1, lease })));
    expect(starts.filter(Boolean)).toEqual([true]);
    expect(await readCronRun(platform, { runId })).toMatchObject({ isCutOff: true });
    await finishCronRun(platform, {
      runId,
      lease,
      result: { exitCode: 3, message: 'The command exited with code 3.' },
    });
    await finishCronRun(platform, { runId, lease, result: { exitCode: 0, message: null } });
    expect(await readCronRun(platform, { runId })).toBeUndefined();
    expect(await listCronJobs(platform, here.who)).toMatchObject([
      {
        name: 'cron.1',
        lastRun: { status: 'failed', exitCode: 3, version: 1, message: 'The command exited with code 3.' },
      },
    ]);
    expect(await lines()).toEqual([
      'cron.1: Starting process with command `node tick.js` (v1)',
      'cron.1: Process exited with status 3',
    ]);
  });

  it('are shown to who may see the app', async () => {
    const outsider = await here.world.addUser(null);
    await expect(listCronJobs(here.world.platform, { ...here.who, actor: outsider })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('the first deploy', () => {
  const wanted = [
    { key: 'MODE', value: 'fast', isGenerated: false, isRequired: false },
    { key: 'SECRET', isGenerated: true, isRequired: false },
    { key: 'API_KEY', isGenerated: false, isRequired: true },
  ];

  it('sets what app.json gives and nobody has set; later ones leave config vars alone', async () => {
    const { platform } = here.world;
    await setConfigVars(platform, { ...here.who, changes: { MODE: 'mine' } });
    const lease = await here.world.lease();
    const first = await addFirstConfigVars(platform, { appId: here.app.id, lease, wanted, from: 'app.json' });
    expect(first).toEqual({ MODE: 'mine', SECRET: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await addFirstConfigVars(platform, { appId: here.app.id, lease, wanted, from: 'app.json' })).toEqual(first);
    expect(await getConfigVars(platform, here.who)).toEqual(first);
    await deploy('one', []);
    await setConfigVars(platform, { ...here.who, changes: { SECRET: null } });
    expect(await addFirstConfigVars(platform, { appId: here.app.id, lease, wanted, from: 'app.json' })).toEqual({
      MODE: 'mine',
    });
  });

  it('is the one before any release with an image has succeeded', async () => {
    const { platform } = here.world;
    await setConfigVars(platform, { ...here.who, changes: { MODE: 'mine' } });
    expect(await isFirstDeploy(platform, { appId: here.app.id })).toBe(true);
    await deploy('one', []);
    expect(await isFirstDeploy(platform, { appId: here.app.id })).toBe(false);
  });
});
