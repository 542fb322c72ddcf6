import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../packages/daemon/test/until.js';
import { askApi, askApp, runGit } from './berth.js';
import { age } from './kills/age.js';
import { closeDatabase, containerOf, docker, query } from './kills/inside.js';
import { createProjectEnvironment, createService, deleteService, remoteOf } from './service.js';

/** For what takes a moment, on a machine that is busy with something else. */
const withinMs = 120_000;

/** Two services of a team; what each answers is its own line, and its branch's in the project environment. */
const salt = Date.now().toString(36);
const services = [`cart-${salt}`, `orders-${salt}`] as const;
const [cart, orders] = services;
const name = `red-${salt}`;
let folder: string;
const git = (...args: string[]) => runGit(folder, args, true);
const answer = (text: string) => writeFile(join(folder, 'server.js'), serverOf(text));
const serverOf = (text: string) =>
  `require('node:http').createServer((request, response) => response.end('${text}')).listen(process.env.PORT);\n`;

async function commit(text: string, remote: string, branch: string) {
  await answer(text);
  await git('add', '--all');
  await git('commit', '--quiet', `--message=${text}`);
  const pushed = await git('push', remote, `HEAD:refs/heads/${branch}`);
  expect(pushed.code, pushed.output).toBe(0);
  return { output: pushed.output, sha: (await git('rev-parse', 'HEAD')).output.trim() };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-e2e-'));
  await git('init', '--quiet', '--initial-branch=main');
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'shop', private: true, main: 'server.js' }));
  await writeFile(join(folder, 'Procfile'), 'web: node server.js\n');
  for (const service of services) {
    await createService(service);
    await commit(`${service} main`, remoteOf(service), 'main');
  }
});
afterAll(async () => {
  await askApi('DELETE', `/environments/${name}`).catch(() => {});
  for (const service of services) await deleteService(service);
  await rm(folder, { recursive: true, force: true });
  await closeDatabase();
});

test('a project environment runs one service of its own beside its base, and leaves nothing when it is destroyed', async () => {
  const [base] = await query(
    `SELECT e.name, a."repositoryId" FROM "Environment" e JOIN "App" a ON a."environmentId" = e.id WHERE a.name = '${cart}'`,
  );
  const first = await commit('cart red', remoteOf(cart), 'red');
  const ready = await createProjectEnvironment(name, { service: cart, branch: 'red' });
  expect(ready).toMatchObject({ status: 'ready', message: null, services: [{ service: cart, commit: first.sha }] });
  expect(ready.fallbacks).toContainEqual(expect.objectContaining({ service: orders }));
  const [own] = ready.services;
  expect(await askApp(own!.web_url)).toEqual({ status: 200, body: 'cart red' });
  for (const service of services)
    expect((await askApp((await askApi('GET', `/apps/${service}`)).web_url)).body).toBe(`${service} main`);

  const second = await commit('cart redder', remoteOf(cart), 'red');
  expect(second.output).toContain(`Deploying ${own!.app.name} in environment ${name}`);
  expect((await askApp(own!.web_url)).body).toBe('cart redder');

  await askApi('DELETE', `/environments/${name}`);
  await until('nobody answers for it', async () => (await askApp(own!.web_url)).status !== 200, withinMs, 100);
  const rows = (table: string, id: string) => query(`SELECT 1 FROM "${table}" WHERE id = '${id}'`);
  await until('it is gone', async () => (await rows('Environment', ready.id)).length === 0, withinMs, 100);
  expect(await rows('App', own!.app.id)).toEqual([]);
  expect(await docker('ps', '-aq', '--filter', `label=berth.app=${own!.app.id}`)).toEqual([]);
  expect(await docker('network', 'ls', '-q', '--filter', `label=berth.environment=${ready.id}`)).toEqual([]);

  expect(await tagsOf(base!.repositoryId)).toEqual(expect.arrayContaining([first.sha, second.sha]));
  await collect();
  const left = await tagsOf(base!.repositoryId);
  expect([first.sha, second.sha].filter((sha) => left.includes(sha))).toEqual([]);
  expect((await askApp((await askApi('GET', `/apps/${cart}`)).web_url)).body).toBe(`${cart} main`);
});

/** Image tags of a service, as the registry has them on its disk. */
async function tagsOf(repositoryId: string): Promise<string[]> {
  const repositories = '/var/lib/berth/registry/docker/registry/v2/repositories';
  return docker('exec', await containerOf('registry'), 'ls', `${repositories}/app/${repositoryId}/_manifests/tags`);
}

/** A collection of the disk when all that the service made is old enough. */
async function collect(): Promise<void> {
  await age(cart);
  let run = await askApi('POST', '/disk/clean', { dry_run: false });
  while (run.ended_at === null) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    run = await askApi('GET', `/disk/collections/${run.id}`);
  }
  expect(run.status).toBe('succeeded');
}
