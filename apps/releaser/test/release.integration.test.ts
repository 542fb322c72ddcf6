import { readFile } from 'node:fs/promises';
import { readLines } from '@berth/logs/log-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { addApp, addImage, addRelease, server, untilOver } from './deploy.js';
import { openWorld, type World } from './open-world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 120_000);
afterAll(() => world?.close(), 120_000);

const example = (name: string, file: string) =>
  readFile(new URL(`../../../examples/${name}/${file}`, import.meta.url), 'utf8');
const web = { web: 'node server.js' };

describe('a release', () => {
  it('starts, is healthy, is switched to and retires the one before', async () => {
    const { platform, engine } = world;
    const app = await addApp(world);
    const imageId = await addImage(platform, app, { files: { 'server.js': server }, processes: web });
    const first = await untilOver(platform, await addRelease(platform, app, imageId, { GREETING: 'hello' }));
    expect(first).toMatchObject({ status: 'succeeded', version: 1 });
    expect(await world.get(app.name)).toEqual({ status: 200, body: 'v1 web.1 hello' });

    const started = performance.now();
    const second = await untilOver(platform, await addRelease(platform, app, imageId, { GREETING: 'again' }));
    console.log(`second release: ${Math.round(performance.now() - started)} ms`);
    expect(second).toMatchObject({ status: 'succeeded', version: 2 });
    expect(await world.get(app.name)).toEqual({ status: 200, body: 'v2 web.1 again' });
    await until('only the new instance is left', async () => {
      const instances = await engine.listInstances({ appId: app.id });
      return instances.length === 1 && instances[0]?.releaseVersion === 2;
    });
    await until('the old rollout is retired, its backend free', async () => {
      const backends = await platform.db.routerBackend.findMany({ where: { rollout: { appId: app.id } } });
      const retired = await platform.db.rollout.count({ where: { appId: app.id, retiredAt: { not: null } } });
      return backends.length === 1 && retired === 1;
    });
    const steps = await platform.db.step.findMany({ orderBy: { startedAt: 'asc' }, where: { errorMessage: null } });
    for (const { name, startedAt, endedAt } of steps)
      console.log(name, endedAt && endedAt.getTime() - startedAt.getTime());
    expect([...new Set(steps.map(({ name }) => name))]).toEqual([
      'pull image',
      'start instances',
      'await healthy',
      'switch route',
    ]);
  }, 120_000);

  it('runs its release phase first, streams and stores its output without secrets', async () => {
    const { platform } = world;
    const app = await addApp(world);
    const files = {
      'server.js': server,
      'migrate.js': "console.log('migrating with', process.env.API_KEY, process.env.DYNO)",
    };
    const processes = { ...web, release: 'node migrate.js' };
    const imageId = await addImage(platform, app, { files, processes });
    const release = await untilOver(platform, await addRelease(platform, app, imageId, { API_KEY: 'very-secret-1' }));
    expect(release.status).toBe('succeeded');
    const output = await platform.db.output.findUniqueOrThrow({ where: { releaseId: release.id } });
    expect(output.text).toBe('-----> Running release command: node migrate.js\nmigrating with [REDACTED] release.1\n');
    const lines = await readLines(platform.redis, platform.instance, app.id, { count: 100 });
    expect(lines.map((line) => `${line.process}: ${line.text}`)).toContain(
      'release: migrating with [REDACTED] release.1',
    );
  }, 60_000);

  it.each([
    [
      'release-fails',
      'release_phase_failed',
      'The release command exited with code 3.',
      { release: 'node migrate.js' },
    ],
    [
      'crashes-on-boot',
      'instance_crashed',
      'web.1 exited with code 1 before it was ready: Error: DATABASE_URL is not set',
      {},
    ],
    [
      'listens-on-loopback',
      'instance_wrong_port',
      'web.1 listens on 127.0.0.1 only: listen on 0.0.0.0 (port 8080).',
      {},
    ],
    ['ignores-port', 'instance_wrong_port', 'web.1 ignores PORT: it listens on 3000 instead of $PORT (8080).', {}],
    ['unhealthy', 'instance_unhealthy', 'web.1 did not become healthy within 5 s: GET / answered 500.', {}],
  ])(
    'that goes wrong says why, and the old one serves on: %s',
    async (name, code, message, more) => {
      const { platform, engine } = world;
      const app = await addApp(world);
      const good = await addImage(platform, app, { files: { 'server.js': server }, processes: web });
      await untilOver(platform, await addRelease(platform, app, good));
      const files: Record<string, string> = { 'server.js': await example(name, 'server.js') };
      if (name === 'release-fails') files['migrate.js'] = await example(name, 'migrate.js');
      const bad = await addImage(platform, app, {
        files,
        processes: { ...web, ...more },
        healthcheck: { path: '/', timeoutMs: name === 'listens-on-loopback' ? 60_000 : 5_000, strict: false },
      });
      const release = await untilOver(platform, await addRelease(platform, app, bad), 30_000);
      expect(release).toMatchObject({ status: 'failed', errorCode: code, errorMessage: message });
      expect(await world.get(app.name)).toMatchObject({ status: 200, body: 'v1 web.1 ' });
      const output = await platform.db.output.findUniqueOrThrow({ where: { releaseId: release.id } });
      expect(output.text).toContain(` !     ${message}`);
      if (name === 'crashes-on-boot') expect(output.text).toContain('connecting to the database');
      await until(
        'the new instances are gone',
        async () => (await engine.listInstances({ appId: app.id })).length === 1,
      );
      await until(
        'its rollout is retired',
        async () =>
          (await platform.db.rollout.count({ where: { appId: app.id, status: 'failed', retiredAt: null } })) === 0,
      );
    },
    90_000,
  );

  it('that crashes with a secret on its lips does not repeat it in any row', async () => {
    const { platform } = world;
    const app = await addApp(world);
    const program = 'console.error("Error: no route to " + process.env.DATABASE_URL); process.exit(1)';
    const bad = await addImage(platform, app, { files: { 'server.js': program }, processes: web });
    const secret = 'postgres://u:hunter2hunter2@db/x';
    const release = await untilOver(platform, await addRelease(platform, app, bad, { DATABASE_URL: secret }), 30_000);
    expect(release.errorMessage).toBe('web.1 exited with code 1 before it was ready: Error: no route to [REDACTED]');
    const kept = await Promise.all([
      platform.db.release.findMany({ where: { appId: app.id } }),
      platform.db.step.findMany({ where: { rollout: { appId: app.id } } }),
      platform.db.event.findMany({ where: { appId: app.id } }),
      platform.db.instance.findMany({ where: { appId: app.id } }),
      platform.db.output.findMany({ where: { releaseId: release.id } }),
    ]);
    const text = JSON.stringify(kept, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
    expect(text).toContain('no route to [REDACTED]');
    expect(text).not.toContain('hunter2');
  }, 60_000);

  it('of an app that is scaled to zero is switched to without an instance', async () => {
    const { platform, engine } = world;
    const app = await addApp(world);
    await platform.db.formation.create({ data: { appId: app.id, processType: 'web', quantity: 0 } });
    const imageId = await addImage(platform, app, { files: { 'server.js': server }, processes: web });
    const release = await untilOver(platform, await addRelease(platform, app, imageId));
    expect(release.status).toBe('succeeded');
    expect(await engine.listInstances({ appId: app.id })).toEqual([]);
    expect((await world.get(app.name)).status).toBe(503);
  }, 60_000);

  it('has its workers up 5 s before the switch, and fails with one that does not stay up', async () => {
    const { platform, engine } = world;
    const app = await addApp(world);
    const formation = ['web', 'worker'].map((processType) => ({ appId: app.id, processType, quantity: 1 }));
    await platform.db.formation.createMany({ data: formation });
    const files = {
      'server.js': server,
      'worker.js': 'setTimeout(() => process.exit(Number(process.env.CODE)), 2_000 * (process.env.CODE ? 1 : 1e6))',
    };
    const imageId = await addImage(platform, app, { files, processes: { ...web, worker: 'node worker.js' } });
    const started = performance.now();
    const good = await untilOver(platform, await addRelease(platform, app, imageId));
    expect(good.status).toBe('succeeded');
    expect(performance.now() - started).toBeGreaterThan(5_000);
    const bad = await untilOver(platform, await addRelease(platform, app, imageId, { CODE: '7' }));
    expect(bad).toMatchObject({ status: 'failed', errorMessage: 'worker.1 exited with code 7 before it was ready.' });
    await until('the old worker and web go on alone', async () => {
      const instances = await engine.listInstances({ appId: app.id });
      return instances.length === 2 && instances.every((one) => one.releaseVersion === 1 && one.state === 'running');
    });
  }, 90_000);

  it('stops the old clock before it starts the new one, and goes back to it when that does not stay up', async () => {
    const { platform, engine } = world;
    const app = await addApp(world);
    const formation = ['web', 'clock'].map((processType) => ({ appId: app.id, processType, quantity: 1 }));
    await platform.db.formation.createMany({ data: formation });
    const clock =
      "process.on('SIGTERM', () => process.exit(0)); setInterval(() => process.env.BROKEN && process.exit(9), 1_000)";
    const files = { 'server.js': server, 'clock.js': clock };
    const imageId = await addImage(platform, app, { files, processes: { ...web, clock: 'node clock.js' } });
    const clocks = async () =>
      (await engine.listInstances({ appId: app.id }))
        .filter((one) => one.processType === 'clock' && one.state === 'running')
        .map((one) => one.releaseVersion);
    expect((await untilOver(platform, await addRelease(platform, app, imageId))).status).toBe('succeeded');
    expect(await clocks()).toEqual([1]);
    expect((await untilOver(platform, await addRelease(platform, app, imageId))).status).toBe('succeeded');
    expect(await clocks()).toEqual([2]);

    const broken = await untilOver(platform, await addRelease(platform, app, imageId, { BROKEN: '1' }));
    expect(broken.status).toBe('succeeded');
    expect(await clocks()).toEqual([2]);
    expect((await world.get(app.name)).body).toBe('v3 web.1 ');
    const rows = await platform.db.instance.findMany({
      where: { appId: app.id, processType: 'clock', state: { not: 'down' } },
      include: { rollout: { include: { release: true } } },
    });
    expect(rows.map((row) => [row.rollout.release.version, row.state]).sort()).toEqual([
      [2, 'up'],
      [3, 'crashed'],
    ]);
    // It stays so, also when the retire job has passed and the loop has looked a few times.
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(await clocks()).toEqual([2]);

    expect((await untilOver(platform, await addRelease(platform, app, imageId))).status).toBe('succeeded');
    expect(await clocks()).toEqual([4]);
    await until('nothing older is left', async () => (await engine.listInstances({ appId: app.id })).length === 2);
  }, 180_000);
});
