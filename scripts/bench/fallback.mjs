import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { routerPaths } from '../../packages/router/dist/router-settings.js';
import { backendConfig, bareConfig, freePort, readerScript, startHaproxy, writeFile, writeRouter } from './haproxy.mjs';
import { median } from './measure.mjs';

const rounds = 60;
const requestsPerRound = 200;
const projects = 300;
const services = ['web', 'cart', 'orders', 'users', 'stock', 'mail'];
/** Of these a project has its own. */
const own = ['cart', 'orders', 'users'];

const subnetOf = (project) => `127.${1 + Math.floor(project / 250)}.${project % 250}.0/24`;
const stableSubnet = '127.9.0.0/16';

/**
 * Bar 4 of environments: what one internal hop costs over a hop of a bare HAProxy, by the ways in which the environment is found,
 * with 300 projects of three services upon one stable environment. One request at a time on a kept connection, in turn.
 */
export async function benchFallback({ docker, platformImage }) {
  const folder = mkdtempSync(join(tmpdir(), 'berth-bench-fallback-'));
  const started = [];
  try {
    const backend = await freePort();
    const bare = await freePort();
    const dir = join(folder, 'berth');
    mkdirSync(dir);
    const settings = await writeRouter(dir, { table: tableOf(), appsPort: await freePort(), instancePort: backend });
    const reader = spawn(process.execPath, ['-e', readerScript, routerPaths(dir).logSocket], { stdio: 'ignore' });
    started.push(() => reader.kill('SIGKILL'));
    const configs = {
      backend: writeFile(folder, 'backend.cfg', backendConfig(backend)),
      bare: writeFile(folder, 'bare.cfg', bareConfig(bare, 'default_backend app', { app: backend })),
      berth: routerPaths(dir).config,
    };
    for (const [name, config] of Object.entries(configs))
      started.push(startHaproxy({ docker, platformImage, folder }, name, config));
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    return await compare(bare, settings.internal.port);
  } finally {
    for (const stop of started.reverse()) stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(bare, internal) {
  const project = subnetOf(7).replace('.0/24', '.9');
  const stable = '127.9.0.9';
  const mark = 'baggage: berth-env=project-7\r\n';
  const variants = {
    'bare HAProxy': await openClient(bare, stable, 'users'),
    'stable, no mark': await openClient(internal, stable, 'users'),
    'project, its own service': await openClient(internal, project, 'users'),
    'project, its base’s service': await openClient(internal, project, 'mail'),
    'marked, the project’s service': await openClient(internal, stable, 'users', mark),
    'marked, the base’s service': await openClient(internal, stable, 'mail', mark),
  };
  const times = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
  for (let round = -2; round < rounds; round++)
    for (const [name, client] of Object.entries(variants)) {
      const seen = [];
      for (let request = 0; request < requestsPerRound; request++) seen.push(await client.ask());
      if (round >= 0) times[name].push(median(seen)); // the first rounds warm up
    }
  for (const client of Object.values(variants)) client.close();
  const over = (name) => median(times[name].map((us, round) => us - times['bare HAProxy'][round]));
  const rows = Object.entries(times).map(
    ([name, seen]) => `| ${name} | ${median(seen).toFixed(0)} | ${over(name).toFixed(0)} |`,
  );
  return { table: ['| hop | p50, µs | over bare, µs |', '|---|---|---|', ...rows].join('\n') };
}

/** One kept connection from an address of loopback; `ask` resolves with the µs until the answer is whole. */
async function openClient(port, localAddress, service, more = '') {
  const socket = connect({ port, host: '127.0.0.1', localAddress }).setNoDelay(true).setEncoding('latin1');
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const text = `GET / HTTP/1.1\r\nhost: ${service}.internal\r\n${more}\r\n`;
  return {
    close: () => socket.destroy(),
    ask: () =>
      new Promise((resolve, reject) => {
        const startedAt = process.hrtime.bigint();
        let answer = '';
        const read = (chunk) => {
          answer += chunk;
          if (!answer.endsWith('hello')) {
            if (!answer.startsWith('HTTP/1.1 200')) reject(new Error(answer));
            return;
          }
          socket.off('data', read);
          resolve(Number(process.hrtime.bigint() - startedAt) / 1_000);
        };
        socket.on('data', read);
        socket.write(text);
      }),
  };
}

/** As the route table is with so many projects. */
function tableOf() {
  const environments = [
    { id: idOf('daily'), name: 'daily', teamId: 'team', baseId: null, subnet: stableSubnet },
    ...Array.from({ length: projects }, (_, index) => ({
      ...{ id: idOf(`project-${index}`), name: `project-${index}`, teamId: 'team' },
      ...{ baseId: idOf('daily'), subnet: subnetOf(index) },
    })),
  ];
  const placed = environments.flatMap(({ id, name, baseId }) =>
    (baseId ? own : services).map((service) => ({
      id,
      service,
      host: `${service}${baseId ? `--${name}` : ''}.localhost`,
    })),
  );
  const slotOf = (index) => `any${index + 1}`;
  return {
    environments,
    routes: placed.map(({ id, service, host }, index) => ({
      ...{ appId: slotOf(index), environmentId: id, hosts: [host], service, maintenance: false },
      ...{ rolloutId: slotOf(index), version: 1, appliedVersion: 1 },
    })),
    backends: placed.map((_, index) => ({
      ...{ rolloutId: slotOf(index), slot: slotOf(index), healthPath: '/', healthStrict: false, servers: [] },
    })),
  };
}

/** As long as the ids of rows are. */
const idOf = (name) => `01a1ff97-01a2-764b-${name}`.padEnd(36, '0');
