import { run } from '@berth/daemon/spawn';
import type { Agent, CronJob } from '@berth/domain/process-type';
import { readLines } from '@berth/logs/log-stream';
import { destroyApp } from '@berth/platform/apps/destroy-app';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { addApp, addImage, addRelease, type TestApp, untilOver } from './deploy.js';
import { openWorld, type World } from './open-world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 120_000);
afterAll(() => world?.close(), 120_000);

const files = {
  'server.js': `
    console.log('main up');
    console.log('\\u001Enobody\\u001Enot an agent');
    require('node:http').createServer((request, response) => response.end(JSON.stringify(process.env))).listen(process.env.PORT);
    process.on('SIGTERM', () => process.exit(0));`,
  'metrics.js': `console.log('metrics of ' + process.env.DYNO); setInterval(() => {}, 1_000);`,
  'job.js': `console.log('begun as ' + process.env.DYNO + ', ' + process.env.GREETING); setTimeout(() => process.exit(0), Number(process.argv[2]));`,
  'seed.js': `console.log('seeded by ' + process.env.DYNO); process.exit(Number(process.argv[2]));`,
};

interface More {
  agents?: Agent[];
  cron?: CronJob[];
  postdeploy?: string;
  config?: Record<string, string>;
}

async function deploy(app: TestApp, { config = {}, ...more }: More) {
  const { platform } = world;
  const id = await addImage(platform, app, { files, processes: { web: 'node server.js' } });
  await platform.db.image.update({ where: { id }, data: { ...more, labels: { runtimeName: 'node' } } });
  const release = await untilOver(platform, await addRelease(platform, app, id, config));
  expect(release).toMatchObject({ status: 'succeeded', errorMessage: null });
  return release;
}

const lines = async (app: TestApp) => {
  const { platform } = world;
  const all = await readLines(platform.redis, platform.instance, app.id, { count: 500 });
  return all.map(({ source, process, text }) => `${source}[${process}]: ${text}`);
};
const untilLine = (app: TestApp, text: string) => until(text, async () => (await lines(app)).includes(text));

const oneOffs = async () => {
  const filters = [`label=berth.instance=${world.instance}`, 'label=berth.kind=oneoff'];
  const argv = ['docker', 'ps', '-aq', ...filters.flatMap((filter) => ['--filter', filter])] as const;
  return (await run(argv as unknown as [string, ...string[]])).stdout.toString().split('\n').filter(Boolean);
};

describe('agents', () => {
  it('run beside the process, with their own name in the log', async () => {
    const app = await addApp(world);
    await deploy(app, {
      agents: [
        { name: 'metrics', command: 'node metrics.js' },
        { name: 'other', command: 'true', processes: ['worker'] },
      ],
    });
    await untilLine(app, 'app[web.1/metrics]: metrics of web.1');
    await untilLine(app, 'app[web.1]: main up');
    await untilLine(app, 'app[web.1]: \u001Enobody\u001Enot an agent');
    expect((await lines(app)).filter((line) => line.includes('web.1/other'))).toEqual([]);
  });
});

describe('what a container sees', () => {
  it('is its own CPUs and memory, and config vars win', async () => {
    const app = await addApp(world);
    await deploy(app, {});
    const seen = async () => JSON.parse((await world.get(app.name)).body);
    expect(await seen()).toMatchObject({
      ...{ NUM_CPUS: '1', MEMORY_AVAILABLE: '512', WEB_CONCURRENCY: '1' },
      NODE_OPTIONS: '--max-old-space-size=384',
    });
    await deploy(app, { config: { NODE_OPTIONS: '--max-old-space-size=100', WEB_CONCURRENCY: '3' } });
    expect(await seen()).toMatchObject({ NODE_OPTIONS: '--max-old-space-size=100', WEB_CONCURRENCY: '3' });
  });
});

describe('the postdeploy command', () => {
  it('runs once, after the first deploy, and a failure leaves the release', async () => {
    const app = await addApp(world);
    await deploy(app, { postdeploy: 'node seed.js 4' });
    const seeded = async () => (await lines(app)).filter((line) => line.includes('seeded by')).length;
    expect(await seeded()).toBe(1);
    await untilLine(
      app,
      'app[release]:  !     The postdeploy command exited with code 4. The release stays; run it again by hand.',
    );
    await deploy(app, { postdeploy: 'node seed.js 0' });
    expect(await seeded()).toBe(1);
  });

  it('is not run a second time when the release that began it failed after it', async () => {
    const app = await addApp(world);
    const { id } = await deploy(app, { postdeploy: 'node seed.js 0' });
    await world.platform.db.release.update({ where: { id }, data: { status: 'failed' } });
    await deploy(app, { postdeploy: 'node seed.js 0' });
    const steps = await world.platform.db.step.findMany({ where: { name: 'postdeploy', release: { appId: app.id } } });
    expect(steps).toMatchObject([{ releaseId: id, errorMessage: null }]);
    expect((await lines(app)).filter((line) => line.includes('seeded by'))).toHaveLength(1);
  });

  it('is not run a second time when the releaser is killed while it runs', async () => {
    const app = await addApp(world);
    const deploying = deploy(app, { postdeploy: 'node job.js 600000' });
    await untilLine(app, 'app[release]: begun as postdeploy.1, undefined');
    await world.releaser.kill();
    world.releaser.restart();
    const { id } = await deploying;
    await untilLine(
      app,
      'app[release]:  !     The postdeploy command was cut off: Berth was restarted while it ran. The release stays; run it again by hand.',
    );
    expect((await lines(app)).filter((line) => line.includes('begun as'))).toHaveLength(1);
    await expect.poll(oneOffs).toEqual([]);
    const { text } = await world.platform.db.output.findUniqueOrThrow({ where: { releaseId: id } });
    expect(text.match(/begun as|was cut off/g)).toEqual(['begun as', 'was cut off']);
  }, 120_000);
});

describe('cron', { timeout: 120_000 }, () => {
  const deployJob = async (command: string) => {
    const app = await addApp(world);
    await deploy(app, { cron: [{ schedule: '* * * * *', command }], config: { GREETING: 'hello' } });
    return app;
  };
  /** Makes the job due now, for once. */
  const fire = (app: TestApp) =>
    world.platform.db.cronJob.updateMany({ where: { appId: app.id }, data: { nextAt: new Date(Date.now() - 1) } });
  const firstRun = (app: TestApp) =>
    world.platform.db.cronRun.findFirst({ where: { appId: app.id }, orderBy: { scheduledAt: 'asc' } });
  const ended = (app: TestApp) =>
    until(
      'the run is over',
      async () => {
        const seen = await firstRun(app);
        return seen?.endedAt ? seen : undefined;
      },
      40_000,
    );

  it('runs as a one-off of the current release, in its environment', async () => {
    const app = await deployJob('node job.js 0');
    await fire(app);
    expect(await ended(app)).toMatchObject({ status: 'succeeded', exitCode: 0, message: null, version: 1 });
    await untilLine(app, 'berth[cron.1]: Process exited with status 0');
    expect((await lines(app)).filter((line) => line.includes('[cron.1]')).slice(0, 3)).toEqual([
      'berth[cron.1]: Starting process with command `node job.js 0` (v1)',
      'app[cron.1]: begun as cron.1, hello',
      'berth[cron.1]: Process exited with status 0',
    ]);
    await expect.poll(oneOffs).toEqual([]);
  });

  it('is not run a second time when the releaser is killed while it runs', async () => {
    const app = await deployJob('node job.js 600000');
    await fire(app);
    await untilLine(app, 'app[cron.1]: begun as cron.1, hello');
    const { id } = (await firstRun(app))!;
    await world.releaser.kill();
    expect(await oneOffs()).not.toEqual([]);
    // No other run of it, whatever the minute brings meanwhile.
    await world.platform.db.cronJob.deleteMany({ where: { appId: app.id } });
    world.releaser.restart();
    expect(await ended(app)).toMatchObject({
      id,
      status: 'failed',
      exitCode: null,
      message: 'It was cut off: Berth was restarted while it ran.',
    });
    await expect.poll(oneOffs).toEqual([]);
    expect((await lines(app)).filter((line) => line.includes('begun as'))).toHaveLength(1);
  });

  it('ends with its app', async () => {
    const app = await deployJob('node job.js 600000');
    await fire(app);
    await untilLine(app, 'app[cron.1]: begun as cron.1, hello');
    await destroyApp(world.platform, { actor: { userId: app.userId }, app: app.name });
    await until('nothing of it runs', async () => (await oneOffs()).length === 0, 40_000);
    const { db } = world.platform;
    await until('its rows are gone', async () => (await db.cronRun.count({ where: { appId: app.id } })) === 0);
  });

  it('ends with the releaser when that is stopped, and says so', async () => {
    const app = await deployJob('node job.js 600000');
    await fire(app);
    await untilLine(app, 'app[cron.1]: begun as cron.1, hello');
    await world.platform.db.cronJob.deleteMany({ where: { appId: app.id } });
    const began = Date.now();
    await world.releaser.stop();
    expect(Date.now() - began).toBeLessThan(15_000);
    expect(await firstRun(app)).toMatchObject({
      status: 'failed',
      message: 'It was cut off: Berth was stopped while it ran.',
    });
    // The host removes it when the releaser's call is cut.
    await expect.poll(oneOffs).toEqual([]);
    world.releaser.restart();
  });
});
