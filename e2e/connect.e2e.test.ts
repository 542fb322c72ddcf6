import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect as connectTo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { askApi, askApp, runGit } from './berth.js';
import { credentials } from './credentials.js';
import { eventually } from './eventually.js';
import { createProjectEnvironment, createService, deleteService, remoteOf } from './service.js';
import { tokenOfStranger } from './somebody.js';

/** cart and orders of a team; `red` has a cart of its own. `/call/<service>` answers with who answered there, too. */
const salt = Date.now().toString(36);
const services = [`cart-${salt}`, `orders-${salt}`] as const;
const [cart, orders] = services;
const environment = `red-${salt}`;
const cli = new URL('../apps/cli/bin/berth.js', import.meta.url).pathname;

let folder: string;
let ownUrl = '';
const git = (...args: string[]) => runGit(folder, args);
const serverOf = (name: string) => `const { createServer } = require('node:http');
const server = createServer(async (request, response) => {
  const service = /^\\/call\\/(.+)$/.exec(request.url)?.[1];
  const other = service && await (await fetch('http://' + service + '.internal/')).text();
  response.end('${name}' + (other ? ' > ' + other : ''));
});
server.on('upgrade', (request, socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: echo\\r\\n\\r\\n${name} ');
  socket.pipe(socket);
});
server.listen(process.env.PORT);
`;

/** What a Redis server answers, in its own words (RESP), to the user that the address names. */
async function askRedis(url: string, ...words: string[]): Promise<string> {
  const { hostname, port, username, password } = new URL(url);
  const socket = connectTo({ host: hostname, port: Number(port) });
  let said = '';
  socket.on('data', (part) => {
    said += part;
  });
  socket.write(`AUTH ${username} ${password}\r\n${words.join(' ')}\r\nQUIT\r\n`);
  await new Promise((resolve) => socket.on('error', () => {}).once('close', resolve));
  return said;
}

async function push(name: string, service: string, branch: string): Promise<void> {
  await writeFile(join(folder, 'server.js'), serverOf(name));
  await git('add', '--all');
  await git('commit', '--quiet', `--message=${name}`);
  await git('push', remoteOf(service), `HEAD:refs/heads/${branch}`);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-e2e-'));
  await git('init', '--quiet', '--initial-branch=main');
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'shop', private: true, main: 'server.js' }));
  await writeFile(join(folder, 'Procfile'), 'web: node server.js\n');
  for (const service of services) {
    await createService(service);
    await push(`${service} main`, service, 'main');
  }
  await push('cart red', cart, 'red');
  const ready = await createProjectEnvironment(environment, { service: cart, branch: 'red' });
  ownUrl = ready.services[0]!.web_url;
}, 300_000);
const started: ChildProcess[] = [];
/** Those that a test which failed has left. */
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await askApi('DELETE', `/environments/${environment}`).catch(() => {});
  for (const service of services) await deleteService(service);
  await rm(folder, { recursive: true, force: true });
});

/** `berth connect red …`: the real command line, by HTTPS. `vars` is what it tells a shell. */
const connect = (token: string, ...args: string[]) => connectIn(environment, token, ...args);

async function connectIn(place: string, token: string, ...args: string[]) {
  const own = { BERTH_API_URL: credentials.apiUrl, BERTH_API_KEY: token, NODE_EXTRA_CA_CERTS: credentials.caFile };
  const child = spawn(process.execPath, [cli, 'connect', place, '--env', ...args], {
    env: { ...process.env, ...own },
  });
  started.push(child);
  let out = '';
  let said = '';
  child.stdout.on('data', (part) => {
    out += part;
  });
  child.stderr.on('data', (part) => {
    said += part;
  });
  const isUp = async () => {
    while (!out.includes(`${orders.toUpperCase().replaceAll('-', '_')}_URL`)) await once(child.stdout, 'data');
  };
  await Promise.race([isUp(), once(child, 'exit')]);
  const vars = Object.fromEntries([...out.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value]));
  return { child, vars, said: () => said };
}

/** As a program with HTTP_PROXY asks. */
async function ask(vars: Record<string, string>, address: string): Promise<string> {
  const { port } = new URL(vars.HTTP_PROXY ?? '');
  const headers = { host: new URL(address).host };
  const [answer] = await once(
    request({ host: '127.0.0.1', port, path: address, headers, agent: false }).end(),
    'response',
  );
  return text(answer);
}

test('a machine calls the environment’s own services and its base’s, which call each other under its mark', async () => {
  const { child, vars } = await connect(credentials.token);
  expect(await ask(vars, `http://${cart}.internal/`)).toBe('cart red');
  expect(await ask(vars, `http://${orders}.internal/`)).toBe(`${orders} main`);
  expect(await ask(vars, `http://${orders}.internal/call/${cart}`)).toBe(`${orders} main > cart red`);
  const own = vars[`${cart.toUpperCase().replaceAll('-', '_')}_URL`] ?? '';
  expect(await (await fetch(own)).text()).toBe('cart red');
  const headers = { connection: 'Upgrade', upgrade: 'echo' };
  const { port } = new URL(vars.HTTP_PROXY ?? '');
  const path = `http://${orders}.internal/`;
  const [, socket, head] = await once(
    request({ host: '127.0.0.1', port, path, headers: { ...headers, host: `${orders}.internal` }, agent: false }).end(),
    'upgrade',
  );
  let echoed = String(head);
  socket.write('hello');
  while (!echoed.includes('hello')) echoed += String((await once(socket, 'data'))[0]);
  expect(echoed).toBe(`${orders} main hello`);
  socket.destroy();
  child.kill('SIGINT');
  expect((await once(child, 'exit'))[0]).toBe(0);
});

test('a service goes to the machine and comes back when the command is killed, or the machine vanishes; the base sees nothing of it', async () => {
  let vars: Record<string, string> = {};
  const local: Server = createServer(async ({ url }, answer) =>
    answer.end(url === '/' ? 'local' : `local > ${await ask(vars, `http://${cart}.internal/`)}`),
  );
  await once(local.listen(0, '127.0.0.1'), 'listening');
  const { port } = local.address() as AddressInfo;
  await eventually(async () => (await askApi('GET', `/environments/${environment}`)).detours, []); // an earlier try's has ended
  const connected = await connect(credentials.token, '--detour', `${orders}=${port}`);
  vars = connected.vars;
  const chain = async () => (await askApp(ownUrl, `/call/${orders}`)).body;
  await eventually(chain, 'cart red > local');
  expect(await ask(vars, `http://${orders}.internal/again`)).toBe('local > cart red');
  const seen = await askApi('GET', `/environments/${environment}`);
  expect(seen.detours).toMatchObject([{ service: orders }]);
  const { web_url: baseUrl } = await askApi('GET', `/apps/${cart}`);
  expect((await askApp(baseUrl, `/call/${orders}`)).body).toBe(`${cart} main > ${orders} main`);

  connected.child.kill('SIGKILL');
  await eventually(chain, `cart red > ${orders} main`, 30_000);

  const vanishing = await connect(credentials.token, '--detour', `${orders}=${port}`);
  vars = vanishing.vars;
  await eventually(chain, 'cart red > local');
  vanishing.child.kill('SIGSTOP'); // its connections stay, and nobody is there
  await eventually(chain, `cart red > ${orders} main`, 60_000);
  local.close();
});

test('a stable environment is reached for what it answers itself, and gives nothing to a machine', async () => {
  const { environment: stable } = await askApi('GET', `/apps/${cart}`);
  const { child, vars } = await connectIn(stable.name, credentials.token, '--team', 'default');
  expect(await ask(vars, `http://${cart}.internal/`)).toBe(`${cart} main`);
  expect(await ask(vars, `http://${cart}.internal/call/${orders}`)).toBe(`${cart} main > ${orders} main`);
  child.kill('SIGINT');
  expect((await once(child, 'exit'))[0]).toBe(0);
  const refused = await connectIn(stable.name, credentials.token, '--team', 'default', '--detour', `${orders}=3000`);
  expect(refused.vars).toEqual({});
  expect(refused.said()).toContain('is a stable environment');
});

test('Redis servers are reached by ports of the machine: the base’s, and the same from a project that shares it', async () => {
  for (const earlier of await askApi('GET', `/apps/${cart}/addons`))
    await askApi('DELETE', `/apps/${cart}/addons/${earlier.name}`); // an earlier try's
  const { name } = await askApi('POST', `/apps/${cart}/addons`, { plan: 'heroku-redis:mini' });
  await eventually(async () => (await askApi('GET', `/addons/${name}`)).state, 'provisioned', 60_000);
  const { environment: stable } = await askApi('GET', `/apps/${cart}`);
  const [project] = (await askApi('GET', `/environments/${environment}`)).services;
  await askApi('POST', '/addon-attachments', { addon: name, app: project.app.name, name: 'REDIS' });
  const base = await connectIn(stable.name, credentials.token, '--team', 'default', '--as', cart);
  const red = await connect(credentials.token, '--as', cart);
  expect(new URL(base.vars.REDIS_URL ?? '').hostname).toBe('127.0.0.1');
  const say = (vars: Record<string, string>, ...words: string[]) => askRedis(vars.REDIS_URL ?? '', ...words);
  // it is known in a few seconds where the server is
  await eventually(() => say(base.vars, 'SET', 'greeting', 'hello'), '+OK\r\n+OK\r\n+OK\r\n', 30_000);
  expect(await say(red.vars, 'GET', 'greeting')).toContain('hello');
  base.child.kill('SIGINT');
  red.child.kill('SIGINT');
});

test('somebody of another team is refused', async () => {
  const refused = await connect(await tokenOfStranger());
  expect(refused.vars).toEqual({});
  expect(refused.said()).toContain('Couldn');
});
