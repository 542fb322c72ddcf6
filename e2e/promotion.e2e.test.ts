import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../packages/daemon/test/until.js';
import { askApi, askApp, push, runGit } from './berth.js';
import { credentials } from './credentials.js';

// A push to a pipeline's own remote is built once and released in the first environment; a promotion carries the very same
// image to the next, when the gate of that environment is open.

/** For what takes a moment, on a machine that is busy with something else. */
const withinMs = 120_000;

const cli = new URL('../apps/cli/bin/berth.js', import.meta.url).pathname;
const environments = '/teams/default/environments';
let service: string;
let gated: string;
let folder: string;
let pipeline: { id: string; apps: { id: string; name: string }[] };

beforeEach(async () => {
  const id = Math.random().toString(36).slice(2, 7);
  service = `promo-${id}`;
  gated = `gated-${id}`;
  folder = await mkdtemp(join(tmpdir(), 'berth-e2e-promotion-'));
  await runGit(folder, ['init', '--quiet', '--initial-branch=main']);
  await askApi('POST', environments, {
    name: gated,
    position: 1,
    policy: { gates: [{ path: '/ready' }, { command: 'node smoke.js' }] },
  });
  pipeline = await askApi('POST', '/pipelines', { name: service, apps: ['daily', gated] });
});

afterEach(async () => {
  for (const app of pipeline?.apps ?? []) await askApi('DELETE', `/apps/${app.name}`);
  if (pipeline) await askApi('DELETE', `/pipelines/${pipeline.id}`);
  await until(
    `${gated} is empty`,
    () => askApi('DELETE', `${environments}/${gated}`).catch(() => undefined),
    withinMs,
    100,
  );
  await rm(folder, { recursive: true, force: true });
});

async function commit(greeting: string, readyStatus: number): Promise<void> {
  const server = `
    const { createServer } = require('node:http');
    createServer(({ url }, response) => {
      response.statusCode = url === '/ready' ? ${readyStatus} : 200;
      response.end('${greeting} in ' + process.env.BERTH_ENVIRONMENT);
    }).listen(process.env.PORT);`;
  await writeFile(join(folder, 'server.js'), server);
  await writeFile(join(folder, 'package.json'), `{ "name": "${service}", "version": "1.0.0", "private": true }\n`);
  await writeFile(
    join(folder, 'smoke.js'),
    `console.log('smoke of ${greeting} in ' + process.env.BERTH_ENVIRONMENT);\n`,
  );
  await writeFile(join(folder, 'Procfile'), 'web: node server.js\n');
  await runGit(folder, ['add', '--all']);
  await runGit(folder, ['commit', '--quiet', `--message=${greeting}`]);
}

const appOf = (environment: string) => `${service}-${environment}`;
const ask = async (app: string) => (await askApp((await askApi('GET', `/apps/${app}`)).web_url)).body;
const digestOf = async (app: string) => (await askApi('GET', `/apps/${app}/releases`)).at(-1).slug.id;

const askText = async (path: string) => {
  const headers = { authorization: `Bearer ${credentials.token}` };
  return (await fetch(new URL(path, credentials.apiUrl), { headers })).text();
};

/** What the real command line says as the first admin. */
async function berth(...args: string[]): Promise<string> {
  const { apiUrl, token, caFile } = credentials;
  const env = { ...process.env, BERTH_API_URL: apiUrl, BERTH_API_KEY: token, NODE_EXTRA_CA_CERTS: caFile };
  return (await promisify(execFile)(process.execPath, [cli, ...args], { env })).stdout;
}

/** Promotes from daily and waits for the end. */
async function promote() {
  const [source, target] = pipeline.apps.map((app) => ({ app: { id: app.id } }));
  const body = { pipeline: { id: pipeline.id }, source, targets: [target] };
  const { id: promotion } = await askApi('POST', '/pipeline-promotions', body);
  const look = async () => {
    const now = await askApi('GET', `/pipeline-promotions/${promotion}`);
    return now.status === 'completed' && now;
  };
  return until('the promotion has ended', look, withinMs, 100);
}

test('one image goes from the push to the next environment, through its gate', async () => {
  await commit('one', 503);
  const first = await push(folder, `default/${service}`);
  expect(first.output).toContain(`http://${appOf('daily')}.`);
  expect(await ask(appOf('daily'))).toBe('one in daily');

  const shut = await promote();
  expect(shut).toMatchObject({ state: 'failed', error: { message: expect.stringContaining('gate /ready is shut') } });
  expect(await askApi('GET', `/apps/${appOf(gated)}/releases`)).toEqual([]);

  await commit('between', 200); // pushed together with the next one
  await commit('two', 200);
  expect((await push(folder, `default/${service}`)).code).toBe(0);
  const diff = await askApi('GET', `/pipeline-promotions/diff?source=${appOf('daily')}&target=${appOf(gated)}`);
  expect(diff.commits.map(({ message }: { message: string }) => message)).toEqual(['two', 'between', 'one']);
  const open = await promote();
  expect(open).toMatchObject({ state: 'succeeded', error: null, gates: [{ state: 'open' }, { state: 'open' }] });
  expect(await askText(open.gates[1].output)).toBe('smoke of two in daily\n');
  expect(await ask(appOf(gated))).toBe(`two in ${gated}`);
  expect(await digestOf(appOf(gated))).toBe(await digestOf(appOf('daily')));
  expect(await askApi('GET', `/apps/${appOf(gated)}/builds`)).toEqual([]);

  const told = (await berth('promotions', service)).split('\n').filter(Boolean);
  expect(told).toHaveLength(2);
  expect(told[0]).toContain(`${appOf('daily')} v2 → ${appOf(gated)} v1`);
  expect(told[0]).toContain('succeeded');
  expect(told[1]).toContain('failed');
});
