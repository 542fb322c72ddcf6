import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '@berth/daemon/spawn';
import { createAddOn } from '@berth/platform/add-ons/create-add-on';
import { destroyAddOn } from '@berth/platform/add-ons/destroy-add-on';
import { growVolume } from '@berth/platform/add-ons/grow-volume';
import { getConfigVars } from '@berth/platform/config-vars/get-config-vars';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needed } from '../../../packages/daemon/test/needed.js';
import { until } from '../../../packages/daemon/test/until.js';
import { addApp, type TestApp } from './deploy.js';
import { openWorld, type World } from './open-world.js';

const server = new URL(needed('TEST_DATABASE_URL'));
let world: World;
let app: TestApp;
beforeAll(async () => {
  world = await openWorld({
    BERTH_DATA_HOST: server.hostname,
    BERTH_DATA_PORT: server.port || '5432',
    BERTH_DATA_USER: decodeURIComponent(server.username),
    BERTH_DATA_PASSWORD: decodeURIComponent(server.password),
  });
  app = await addApp(world);
}, 120_000);
afterAll(async () => {
  for (const { key } of (await world?.engine.listRedis()) ?? []) await world.engine.removeRedis(key);
  await world?.close();
}, 120_000);

const actor = () => ({ userId: app.userId });
const rowOf = (id: string) => world.platform.db.addOn.findUnique({ where: { id } });

async function killAfter(delayMs: number): Promise<void> {
  await sleep(delayMs);
  await world.releaser.kill();
  world.releaser.restart();
}

async function makeUnderKill(plan: string, delayMs: number) {
  const addOn = await createAddOn(world.platform, { actor: actor(), app: app.id, plan });
  await killAfter(delayMs);
  const done = await until(
    'it is provisioned or failed',
    async () => {
      const row = await rowOf(addOn.id);
      return row?.status !== 'provisioning' && row;
    },
    60_000,
  );
  expect(done).toMatchObject({ status: 'provisioned', errorMessage: null });
  const vars = await getConfigVars(world.platform, { actor: actor(), app: app.id });
  return { addOn, url: new URL(vars[addOn.configVars[0] ?? ''] ?? '') };
}

async function destroyUnderKill(addOnId: string, delayMs: number): Promise<void> {
  await destroyAddOn(world.platform, { actor: actor(), addOn: addOnId });
  await killAfter(delayMs);
  await until('its row is gone', async () => (await rowOf(addOnId)) === null, 60_000);
}

async function ask(url: URL | string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: String(url) });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const redisOf = async (key: string) => {
  const filters = [`label=berth.instance=${world.instance}`, `label=berth.key=${key}`].flatMap((one) => [
    '--filter',
    one,
  ]);
  return (await run(['docker', 'ps', '-aq', ...filters])).stdout.toString().trim();
};

describe('a releaser that is killed', () => {
  // Making one takes some tenths of a second: the delays are spread over it.
  it.each([0, 60, 150, 300])(
    'a database %i ms after it was asked for makes it all the same, and removes all of it',
    async (delayMs) => {
      const { addOn, url } = await makeUnderKill('heroku-postgresql', delayMs);
      url.host = server.host;
      expect(await ask(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await destroyUnderKill(addOn.id, delayMs);
      const left = `SELECT datname FROM pg_database WHERE datname = '${addOn.database}'
        UNION SELECT rolname FROM pg_roles WHERE rolname IN ('${addOn.database}', '${url.username}')`;
      expect(await ask(server, left)).toEqual([]);
    },
    120_000,
  );

  it.each([0, 200, 500, 1_000])(
    'a Redis server %i ms after it was asked for makes it all the same, and removes all of it',
    async (delayMs) => {
      const { addOn, url } = await makeUnderKill('heroku-redis:premium-0', delayMs);
      const container = await redisOf(addOn.database);
      expect(container).toMatch(/^\w+$/); // one and no more
      const client = ['redis-cli', '--no-auth-warning', '--user', url.username, '--pass', url.password, 'PING'];
      expect((await run(['docker', 'exec', container, ...client])).stdout.toString()).toBe('PONG\n');
      await destroyUnderKill(addOn.id, delayMs);
      expect(await redisOf(addOn.database)).toBe('');
      const volumes = ['docker', 'volume', 'ls', '-q', '--filter', `label=berth.key=${addOn.database}`] as const;
      expect((await run(volumes)).stdout.toString()).toBe('');
    },
    120_000,
  );

  it.each([0, 150, 400])(
    'a volume %i ms after it was asked for makes it all the same, makes it larger, and removes all of it',
    async (delayMs) => {
      const { addOn, url } = await makeUnderKill('berth-volume:1gb', delayMs);
      expect(String(url)).toBe('file:///data');
      const disk = async () => {
        const { disks } = await world.engine.measureDisk({ cacheKeys: [] });
        return disks.filter(({ kind, name }) => kind === 'volume' && name === addOn.database).length;
      };
      expect(await disk()).toBe(1);
      await growVolume(world.platform, { actor: actor(), addOn: addOn.id, plan: 'berth-volume:2gb' });
      await killAfter(delayMs);
      await until('it has grown', async () => (await rowOf(addOn.id))?.plan === '2gb', 60_000);
      expect(await rowOf(addOn.id)).toMatchObject({ wantedPlan: null, errorMessage: null, status: 'provisioned' });
      await destroyUnderKill(addOn.id, delayMs);
      expect(await disk()).toBe(0);
    },
    120_000,
  );

  it('finds a server that somebody else ended, and starts it', async () => {
    const { addOn } = await makeUnderKill('heroku-redis', 0);
    await run(['docker', 'kill', await redisOf(addOn.database)]);
    const isUp = async () => (await world.engine.listRedis()).find(({ key }) => key === addOn.database)?.isRunning;
    await until('it is down', async () => (await isUp()) === false, 2_000).catch(() => {}); // it may be up again by now
    await until('it is up', isUp, 20_000);
    await destroyUnderKill(addOn.id, 0);
  }, 120_000);
});
