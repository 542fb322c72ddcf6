import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askApi, commit, runGit } from './berth.js';
import { credentials } from './credentials.js';
import { eventually } from './eventually.js';
import { createService, deleteService, remoteOf } from './service.js';

// The life of a project environment by `berth` alone: what somebody types, and what the terminal then says.

const salt = Date.now().toString(36);
const services = [`cart-${salt}`, `orders-${salt}`] as const;
const [cart, orders] = services;
const cli = new URL('../apps/cli/bin/berth.js', import.meta.url).pathname;
/** Environments that a test has made. */
const made: string[] = [];
let folder: string;

const server = `const { createServer } = require('node:http');
createServer(async (request, response) => {
  const isCart = process.env.BERTH_SERVICE === '${cart}';
  response.end(isCart ? 'cart > ' + (await (await fetch('http://${orders}.internal/')).text()) : 'orders');
}).listen(process.env.PORT);
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-e2e-cli-'));
  await runGit(folder, ['init', '--quiet', '--initial-branch=main']);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'shop', private: true, main: 'server.js' }));
  await writeFile(join(folder, 'Procfile'), 'web: node server.js\n');
  await writeFile(join(folder, 'server.js'), server);
  await commit(folder, 'first');
  for (const service of services) {
    await createService(service);
    await runGit(folder, ['push', remoteOf(service), 'HEAD:refs/heads/main']);
  }
  await commit(folder, 'red');
  await runGit(folder, ['push', remoteOf(cart), 'HEAD:refs/heads/red']);
}, 300_000);
afterAll(async () => {
  for (const name of made) await askApi('DELETE', `/environments/${name}`).catch(() => {});
  for (const service of services) await deleteService(service);
  await rm(folder, { recursive: true, force: true });
});

/** Runs the real command line as the first admin; never throws. */
function berth(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { apiUrl, token, caFile } = credentials;
  const env = { ...process.env, BERTH_API_URL: apiUrl, BERTH_API_KEY: token, NODE_EXTRA_CA_CERTS: caFile };
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr: stderr.replaceAll(/\s+›?\s*/g, ' ') }),
    );
  });
}

/** What a command that must end well says. */
async function say(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await berth(...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

test('a project environment is made, shown, probed, changed, debugged, extended and destroyed', async () => {
  const red = `red-${Math.random().toString(36).slice(2, 8)}`;
  made.push(red);
  const { environment: base } = await askApi('GET', `/apps/${cart}`);
  const created = await say('environments:create', red, '--base', base.name, '-s', `${cart}:red`, '--hours', '5');
  expect(created).toContain(`${cart} ready`);
  expect(created).toContain(`${red} (ready), on ${base.name}, until `);
  expect(await say('environments')).toMatch(new RegExp(`^${red} +on ${base.name} +ready +${cart} `, 'm'));

  const info = await say('environments:info', red);
  const { web_url: ownUrl } = await askApi('GET', `/apps/${cart}--${red}`);
  for (const line of [ownUrl, `${base.name} answers for `, orders, 'owner  ', 'sleep  ', 'takes  ', 'cost   '])
    expect(info).toContain(line);
  const told = JSON.parse(await say('environments:info', red, '--json'));
  expect(told).toMatchObject({ name: red, until_merged: false, footprint: { own: { apps: 1 } }, data: [] });

  const env = await say('environments:env', red, cart);
  expect(env).toContain(`export BERTH_SERVICE='${cart}'`);
  expect(env).toMatch(new RegExp(`^export ORDERS_${salt.toUpperCase()}_URL='http`, 'm'));
  expect(await say('environments:link', red, cart)).toContain(ownUrl);
  expect(await say('environments:link', red, orders)).toContain('/.berth/env?t=');
  // Lines of the router that come late are not waited for: the next probe tells.
  const probed = () => say('environments:doctor', red, cart);
  await eventually(probed, new RegExp(`${cart}@${red} +200 [^]*  ${orders}@${base.name} +200 [^]*hands the mark on`));

  expect(await say('environments:add', red, orders)).toContain(`${orders} ready`);
  expect(await say('environments:drop', red, orders)).toContain(orders);
  expect(await say('environments:extend', red, '--hours', '2')).toContain(`${red} lives until `);
  expect(await say('debug', '-a', `${cart}--${red}`, '--minutes', '10')).toContain('Debug is on until ');
  expect(await say('debug', 'v1', '-a', `${cart}--${red}`)).toMatch(/^debug\.\d+ is starting, off the router: ssh -p /);
  expect(await say('debug', '-a', `${cart}--${red}`, '--off')).toContain('Debug is off');

  const mistaken = await berth('environments:destroy', red, '--confirm', 'blue');
  expect([mistaken.code, mistaken.stderr]).toEqual([2, expect.stringContaining('nothing was destroyed')]);
  expect(await say('environments:destroy', red, '--confirm', red)).toContain(`${red} is being destroyed`);
  const gone = await berth('environments:info', red);
  expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining(`find that environment: ${red}`)]);
});
