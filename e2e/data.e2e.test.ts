import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askApi, askApp, runGit } from './berth.js';
import { credentials } from './credentials.js';
import { eventually } from './eventually.js';
import { type HerokuCli, openHerokuCli } from './heroku-cli.js';
import { closeDatabase, docker } from './kills/inside.js';
import { createProjectEnvironment, createService, deleteService, remoteOf } from './service.js';

// Redis and volumes from addons:create to their end, and what project environments get of a base's data. Each test goes on where the one
// before it stopped.

const word = Math.random().toString(36).slice(2, 8);
const [one, other] = [`data-one-${word}`, `data-other-${word}`];
/** Project environments that tests have made. */
const environments: string[] = [];
let heroku: HerokuCli;
let folder: string;

/** Runs one statement of its database or one command of its Redis server, or of those at another address. */
const server = `
const { createServer } = require('node:http');
const { Client } = require('pg');
const Redis = require('ioredis');
const ask = {
  async sql(text) {
    const client = new Client({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 3000 });
    await client.connect();
    return (await client.query(text)).rows.map((row) => Object.values(row).join(' ')).join();
  },
  async redis(text, address) {
    const url = address ?? process.env.REDIS_URL;
    if (!url) return 'none';
    const client = new Redis(url, { lazyConnect: true, connectTimeout: 2000, retryStrategy: null, maxRetriesPerRequest: 0 });
    let refusal; // ioredis tells why by an event, and rejects with 'Connection is closed.'
    client.on('error', (error) => { refusal = error; });
    try {
      await client.connect().catch((error) => { throw refusal ?? error; });
      const [command, ...args] = text.split(' ');
      return String(await client.call(command, ...args));
    } finally {
      client.disconnect();
    }
  },
};
const fs = require('node:fs');
ask.file = async (text) => {
  const [verb, name, ...words] = text.split(' ');
  if (verb === 'write') fs.writeFileSync('/data/' + name, words.join(' '));
  const piece = Buffer.alloc(10 * 2 ** 20); // the app has 512 MiB
  if (verb === 'fill') for (let n = 0; n < Number(words[0]); n += 10) fs.appendFileSync('/data/' + name, piece);
  return verb === 'read' ? fs.readFileSync('/data/' + name, 'utf8') : fs.readdirSync('/data').join();
};
createServer(async (request, response) => {
  const { searchParams } = new URL(request.url, 'http://x');
  const [[kind, text] = ['redis', 'PING']] = searchParams;
  response.end(await ask[kind](text, searchParams.get('address') ?? undefined).catch(({ message }) => 'error ' + message));
}).listen(process.env.PORT);`;

beforeAll(async () => {
  heroku = await openHerokuCli();
  folder = await mkdtemp(join(tmpdir(), 'berth-data-'));
  await writeFile(join(folder, 'server.js'), server);
  const dependencies = { pg: '8.16.3', ioredis: '5.8.2' };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'data', private: true, dependencies }));
  await writeFile(join(folder, 'Procfile'), 'web: node server.js\n');
  await runGit(folder, ['init', '--quiet', '--initial-branch=main']);
  await runGit(folder, ['add', '--all']);
  await runGit(folder, ['commit', '--quiet', '--message=first']);
  await createService(one);
  await askApi('POST', '/apps', { name: other });
  for (const to of [remoteOf(one), `${credentials.gitUrl}/${other}.git`]) {
    const { code, output } = await runGit(folder, ['push', to, 'HEAD:refs/heads/main'], true);
    expect(code, output).toBe(0);
  }
});

afterAll(async () => {
  for (const name of environments) await askApi('DELETE', `/environments/${name}`).catch(() => {});
  await askApi('DELETE', `/apps/${other}`).catch(() => {});
  await deleteService(one);
  await rm(folder, { recursive: true, force: true });
  await heroku?.remove();
  await closeDatabase();
});

const askAt = async (webUrl: string, query: Record<string, string>) =>
  (await askApp(webUrl, `/?${new URLSearchParams(query)}`)).body;
const ask = async (app: string, query: Record<string, string>) =>
  askAt((await askApi('GET', `/apps/${app}`)).web_url, query);
/** Those that an earlier try of a test has left. */
async function removeAddOns(isOne: (addOn: { path: string | null }) => unknown = () => true): Promise<void> {
  for (const addOn of await askApi('GET', `/apps/${one}/addons`))
    if (isOne(addOn)) await askApi('DELETE', `/apps/${one}/addons/${addOn.name}`);
}

const varsOf = (app: string) => askApi('GET', `/apps/${app}/config-vars`);
const serverOf = (key: string) => docker('ps', '-aq', '--filter', `label=berth.key=${key}`);

describe('a Redis add-on', () => {
  test('addons:create gives the app a server of its own, that comes back with its data', async () => {
    await removeAddOns();
    await eventually(() => ask(one, { redis: 'PING' }), 'none');
    const made = await heroku.run('addons:create', 'heroku-redis:premium-0', '-a', one);
    expect(made.code, made.stderr).toBe(0);
    await eventually(() => ask(one, { redis: 'PING' }), 'PONG');
    expect(await ask(one, { redis: 'SET n 7' })).toBe('OK');
    expect((await heroku.run('addons', '-a', one)).stdout).toContain('REDIS');
    const [{ database }] = await askApi('GET', `/apps/${one}/addons`);
    await sleep(1_500); // the disk has it within a second
    const [container = ''] = await serverOf(database);
    await docker('kill', container);
    await eventually(() => ask(one, { redis: 'GET n' }), '7');
  });

  test('is attached to another app, rotated without a lost request, and detached', async () => {
    const [{ name }] = await askApi('GET', `/apps/${one}/addons`);
    if ((await varsOf(other)).SHARED_URL) await heroku.run('addons:detach', 'SHARED', '-a', other);
    const attached = await heroku.run('addons:attach', name, '-a', other, '--as', 'SHARED');
    expect(attached.code, attached.stderr).toBe(0);
    const older = (await varsOf(one)).REDIS_URL;
    expect((await varsOf(other)).SHARED_URL).toBe(older);
    await eventually(() => ask(other, { redis: 'GET n', address: older }), '7');
    await askApi('POST', `/addons/${name}/actions/rotate-credentials`);
    const answers = new Set<string>();
    do answers.add(await ask(one, { redis: 'GET n' }));
    while ((await askApi('GET', `/addons/${name}`)).rotating);
    expect([...answers]).toEqual(['7']);
    const newer = (await varsOf(one)).REDIS_URL;
    expect(newer).not.toBe(older);
    expect(await ask(one, { redis: 'GET n', address: older })).toContain('WRONGPASS');
    const detached = await heroku.run('addons:detach', 'SHARED', '-a', other);
    expect(detached.code, detached.stderr).toBe(0);
    expect(await varsOf(other)).toEqual({});
  });
});

describe('a volume', () => {
  test('is the app’s disk from one release to the next, and after a kill', async () => {
    await removeAddOns(({ path }) => path);
    await eventually(async () => (await ask(one, { file: 'list' })).includes('ENOENT'), true);
    const made = await heroku.run('addons:create', 'berth-volume:1gb', '-a', one, '--', '--path=/data');
    expect(made.code, made.stderr).toBe(0);
    await eventually(() => ask(one, { file: 'list' }), '');
    expect(await ask(one, { file: 'write note kept' })).toBe('note');
    expect((await heroku.run('config:get', 'VOLUME_URL', '-a', one)).stdout.trim()).toBe('file:///data');
    await askApi('PATCH', `/apps/${one}/config-vars`, { ANY: 'release' });
    await eventually(async () => (await askApi('GET', `/apps/${one}/releases`)).at(-1).current, true);
    expect(await ask(one, { file: 'read note' })).toBe('kept');
    const { id } = await askApi('GET', `/apps/${one}`);
    await eventually(async () => (await docker('ps', '-q', '--filter', `label=berth.app=${id}`)).length, 1);
    await docker('kill', ...(await docker('ps', '-q', '--filter', `label=berth.app=${id}`)));
    await eventually(() => ask(one, { file: 'read note' }), 'kept');
    const ledger = await askApi('GET', '/disk');
    const [{ name }] = (await askApi('GET', `/apps/${one}/addons`)).filter(({ path }: { path: string }) => path);
    expect(ledger.entries).toContainEqual(expect.objectContaining({ name, app: one, reason: 'a volume of an app' }));
  });

  test('has its size, one app, and a size that fits', async () => {
    for (let n = 0; n < 5; n += 1) await ask(one, { file: `fill big-${n} 150` });
    expect(await ask(one, { file: 'fill big 400' })).toContain('ENOSPC');
    expect(await ask(one, { file: 'read note' })).toBe('kept');
    const [{ name }] = (await askApi('GET', `/apps/${one}/addons`)).filter(({ path }: { path: string }) => path);
    const attached = await heroku.fail('addons:attach', name, '-a', other);
    expect(attached.stderr).toContain('A volume is one app’s only');
    const larger = await heroku.fail('addons:create', 'berth-volume:1001gb', '-a', one);
    expect(larger.stderr).toContain('A volume has between 1gb and 1000gb.');
  });
});

describe('the data of a project environment', () => {
  const start = async (policy: string, data: object) => {
    const name = `${policy}-${Math.random().toString(36).slice(2, 8)}`;
    environments.push(name);
    const ready = await createProjectEnvironment(name, { service: one }, data);
    return ready.services[0]!.web_url;
  };

  test('is the base’s, empty, or a copy that is its own, as its policy says', async () => {
    if (!(await varsOf(one)).DATABASE_URL) await heroku.run('addons:create', 'heroku-postgresql', '-a', one);
    await eventually(() => ask(one, { sql: 'SELECT 1' }), '1');
    await ask(one, { sql: 'DROP TABLE IF EXISTS people' });
    await ask(one, { sql: "CREATE TABLE people AS SELECT 1 AS id, 'ann@example.org' AS email" });
    const email = { sql: 'SELECT email FROM people' };

    await ask(one, { redis: 'SET n 7' });
    const shared = await start('share', {});
    expect(await askAt(shared, email)).toBe('ann@example.org');
    expect(await askAt(shared, { redis: 'GET n' })).toBe('7');
    expect(await askAt(shared, { file: 'list' })).toBe(''); // a volume is one app's only
    expect(await askAt(shared, { redis: 'SET n 8' })).toBe('OK');
    expect(await ask(one, { redis: 'GET n' })).toBe('8');

    const empty = await start('empty', { policy: 'empty' });
    expect(await askAt(empty, email)).toContain('relation "people" does not exist');
    expect(await askAt(empty, { redis: 'GET n' })).toBe('null');

    const addOns = await askApi('GET', `/apps/${one}/addons`);
    const { name } = addOns.find((addOn: { name: string }) => addOn.name.startsWith('postgresql'));
    const mask = "UPDATE people SET email = id || '@invalid'";
    const copied = await start('copy', { policy: 'copy', add_ons: { [name]: { policy: 'copy', mask } } });
    expect(await askAt(copied, email)).toBe('1@invalid');
    expect(await askAt(copied, { redis: 'GET n' })).toBe('8');
    expect(await askAt(copied, { file: 'read note' })).toBe('kept');
    await askAt(copied, { file: 'write note mine' });
    await askAt(copied, { redis: 'SET n 9' });
    await askAt(copied, { sql: "UPDATE people SET email = 'mine'" });
    expect(await ask(one, { redis: 'GET n' })).toBe('8');
    expect(await ask(one, email)).toBe('ann@example.org');
    expect(await ask(one, { file: 'read note' })).toBe('kept');
  });

  test('goes with its environment; the base’s goes with its app, servers and volumes included', async () => {
    const addOns: { name: string; database: string; copy_of: { name: string } | null }[] = await askApi(
      'GET',
      '/addons',
    );
    const base = await askApi('GET', `/apps/${one}/addons`);
    const key = base.find(({ name }: { name: string }) => name.startsWith('redis')).database;
    const ofBase = new Set(base.map(({ name }: { name: string }) => name));
    const copies = addOns.filter(
      ({ name, copy_of: from }) => name.startsWith('redis') && from && ofBase.has(from.name),
    );
    for (const name of environments) await askApi('DELETE', `/environments/${name}`);
    for (const { database } of copies) await eventually(() => serverOf(database), []);
    expect(await ask(one, { redis: 'GET n' })).toBe('8');
    await askApi('DELETE', `/apps/${one}`);
    await eventually(() => serverOf(key), []);
    await eventually(() => docker('volume', 'ls', '-q', '--filter', `label=berth.key=${key}`), []);
  });
});
