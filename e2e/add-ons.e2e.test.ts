import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askApi, askApp, openRepository, push } from './berth.js';
import { eventually } from './eventually.js';
import { type HerokuCli, openHerokuCli } from './heroku-cli.js';

// From addons:create to a query, and that nobody else gets there. Each test goes on where the one before it stopped.

const word = Math.random().toString(36).slice(2, 8);
const [one, other] = [`db-one-${word}`, `db-other-${word}`];
let heroku: HerokuCli;
let source: string;

/** Asks its own database, and, as told, the one at another address. */
const server = `
const { createServer } = require('node:http');
const { Client } = require('pg');
createServer(async (request, response) => {
  const url = new URL(request.url, 'http://x');
  const address = url.searchParams.get('address') ?? process.env.DATABASE_URL;
  if (!address) return response.end('none');
  const client = new Client({ connectionString: address, connectionTimeoutMillis: 3000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query(url.searchParams.get('sql') ?? 'SELECT 1 AS one');
    response.end(JSON.stringify(rows));
    if (url.searchParams.has('hold')) await new Promise((resolve) => setTimeout(resolve, 30000));
  } catch (error) {
    response.end('error ' + (error.code ?? error.message));
  } finally {
    await client.end().catch(() => {});
  }
}).listen(process.env.PORT);`;

beforeAll(async () => {
  heroku = await openHerokuCli();
  source = await mkdtemp(join(tmpdir(), 'berth-add-ons-'));
  await mkdir(source, { recursive: true });
  await writeFile(join(source, 'server.js'), server);
  const packageJson = { name: 'add-ons', version: '1.0.0', private: true, dependencies: { pg: '8.16.3' } };
  await writeFile(join(source, 'package.json'), JSON.stringify(packageJson));
  await writeFile(join(source, 'Procfile'), 'web: node server.js\n');
  for (const app of [one, other]) await askApi('POST', '/apps', { name: app });
  const repository = await openRepository(source);
  const { code, output } = await push(repository.folder, one);
  await repository.remove();
  expect(code, output).toBe(0);
});

afterAll(async () => {
  for (const app of [one, other]) await askApi('DELETE', `/apps/${app}`).catch(() => {});
  await rm(source, { recursive: true, force: true });
  await heroku?.remove();
});

async function ask(app: string, query: Record<string, string> = {}): Promise<string> {
  const { web_url: webUrl } = await askApi('GET', `/apps/${app}`);
  return (await askApp(webUrl, `/?${new URLSearchParams(query)}`)).body;
}

describe('a PostgreSQL add-on', () => {
  test('addons:create gives the app a database, which it queries with its own data', async () => {
    for (const { name } of await askApi('GET', `/apps/${one}/addons`))
      await askApi('DELETE', `/apps/${one}/addons/${name}`); // an earlier try's
    await eventually(() => ask(one), 'none');
    const made = await heroku.run('addons:create', 'heroku-postgresql:essential-0', '-a', one);
    expect(made.code, made.stderr).toBe(0);
    await eventually(() => ask(one), '[{"one":1}]');
    expect(await ask(one, { sql: 'CREATE TABLE t AS SELECT 7 AS n' })).toBe('[]');
    expect(await ask(one, { sql: 'SELECT n FROM t' })).toBe('[{"n":7}]');
    expect((await heroku.run('addons', '-a', one)).stdout).toContain('DATABASE');
    expect((await heroku.run('addons:info', 'heroku-postgresql', '-a', one)).stdout).toContain('created');
    expect((await heroku.run('config:get', 'DATABASE_URL', '-a', one)).stdout).toMatch(/^postgres:\/\/u_/);
  });

  test('keeps an app awake that holds a transaction open on it', async () => {
    expect(await ask(one, { sql: 'BEGIN', hold: 'yes' })).toBe('[]');
    const sleep = async () => (await askApi('GET', `/apps/${one}/sleep`)).state;
    const askToSleep = () => askApi('POST', `/apps/${one}/actions/sleep`, { step: 'frozen' });
    await askToSleep();
    for (let seconds = 0; seconds < 5; seconds += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect(['awake', 'falling_asleep']).toContain(await sleep());
    }
    const asleep = async () => {
      await askToSleep(); // once more, since the transaction may be over only now
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      return ['frozen', 'pushed_out'].includes(await sleep());
    };
    await eventually(asleep, true);
    expect(await ask(one)).toBe('[{"one":1}]');
  });

  test('is closed to the role of another app’s add-on, and to the superuser', async () => {
    await heroku.run('addons:create', 'heroku-postgresql', '-a', other);
    const addressOf = async (app: string) => new URL((await askApi('GET', `/apps/${app}/config-vars`)).DATABASE_URL);
    const [own, foreign] = [await addressOf(one), await addressOf(other)];
    await eventually(() => ask(one, { address: String(foreign) }), '[{"one":1}]'); // who has the password may
    const crossed = new URL(foreign);
    crossed.pathname = own.pathname;
    expect(await ask(one, { address: String(crossed) })).toBe('error 28000'); // no line of pg_hba.conf lets it in
    for (const database of ['postgres', 'template1'])
      expect(await ask(one, { address: String(Object.assign(new URL(own), { pathname: database })) })).toBe(
        'error 28000',
      );
    const superuser = Object.assign(new URL(own), { username: 'berth' });
    expect(await ask(one, { address: String(superuser) })).toBe('error 28000');
  });

  test('is attached to another app and detached, and gone with its data when it is destroyed', async () => {
    const [{ name }] = await askApi('GET', `/apps/${one}/addons`);
    const { SHARED_URL: left } = await askApi('GET', `/apps/${other}/config-vars`);
    if (left) await heroku.run('addons:detach', 'SHARED', '-a', other);
    const attached = await heroku.run('addons:attach', name, '-a', other, '--as', 'SHARED');
    expect(attached.code, attached.stderr).toBe(0);
    const vars = await askApi('GET', `/apps/${other}/config-vars`);
    expect(vars.SHARED_URL).toBe((await askApi('GET', `/apps/${one}/config-vars`)).DATABASE_URL);
    const detached = await heroku.run('addons:detach', 'SHARED', '-a', other);
    expect(detached.code, detached.stderr).toBe(0);
    const { code, stderr } = await heroku.run('addons:destroy', name, '-a', one, '--confirm', one);
    expect(code, stderr).toBe(0);
    await eventually(() => ask(one), 'none');
    await eventually(() => ask(one, { address: vars.SHARED_URL }), 'error 28000'); // neither role nor database
    expect(await askApi('GET', `/apps/${one}/addons`)).toEqual([]);
  });
});
