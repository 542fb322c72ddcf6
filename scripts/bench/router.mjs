import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { routerPaths } from '../../packages/router/dist/router-settings.js';
import { backendConfig, bareConfig, freePort, readerScript, startHaproxy, writeFile, writeRouter } from './haproxy.mjs';
import { median } from './measure.mjs';

const rounds = 7;
const seconds = 2;
const hostCounts = [1, 5000];
const connections = 64;

/**
 * Bar 5: requests per second through Berth's whole configuration, a bare HAProxy and Caddy; the same back end, the same run, in turn.
 * The log's reader is a process of its own, as in Berth. `bind` is where the proxies and the back end listen (loopback).
 * @param options { docker, platformImage }; needs `wrk`, and `caddy` for its column
 */
export async function benchRouter({ docker = 'docker', platformImage }) {
  const folder = mkdtempSync(join(tmpdir(), 'berth-bench-router-'));
  const started = [];
  const haproxy = (name, config) => started.push(startHaproxy({ docker, platformImage, folder }, name, config));
  try {
    const backend = await freePort();
    haproxy('backend', writeFile(folder, 'backend.cfg', backendConfig(backend)));
    const tables = [];
    for (const hosts of hostCounts) tables.push(await compare({ folder, backend, hosts, haproxy, started }));
    return tables.join('\n');
  } finally {
    for (const stop of started.reverse()) stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare({ folder, backend, hosts, haproxy, started }) {
  const dir = join(folder, `hosts-${hosts}`);
  const variants = { bare: await freePort(), berth: await freePort() };
  mkdirSync(dir, { recursive: true });
  haproxy(`bare-${hosts}`, writeFile(dir, 'bare.cfg', bareByHost(dir, variants.bare, backend, hosts)));
  const berthDir = await writeBerth(join(dir, 'berth'), variants.berth, backend, hosts);
  const reader = spawn(process.execPath, ['-e', readerScript, routerPaths(berthDir).logSocket], { stdio: 'ignore' });
  started.push(() => reader.kill('SIGKILL'));
  haproxy(`berth-${hosts}`, routerPaths(berthDir).config);
  if (isThere('caddy')) {
    variants.caddy = await freePort();
    const caddy = spawn(
      'caddy',
      ['run', '--adapter', 'caddyfile', '--config', caddyfile(dir, variants.caddy, backend, hosts)],
      {
        stdio: 'ignore',
        env: { ...process.env, HOME: dir },
      },
    );
    started.push(() => caddy.kill('SIGKILL'));
  }
  const script = writeFile(dir, 'hosts.lua', hostsScript(hosts));
  const rates = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  for (let round = -1; round < rounds; round++)
    for (const [name, port] of Object.entries(variants)) {
      const rate = await measure(port, script);
      if (round >= 0) rates[name].push(rate); // the first round warms up
      process.stdout.write('.');
    }
  process.stdout.write('\n');
  return tableOf(hosts, rates);
}

/** Requests per second of one run of wrk; throws when an answer was not 200 or a connection broke. */
async function measure(port, script) {
  const output = execFileSync('wrk', [
    ...['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '-s', script, `http://127.0.0.1:${port}/`],
  ]).toString();
  if (/Non-2xx|Socket errors/.test(output)) throw new Error(output);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(output)[1]);
}

function tableOf(hosts, rates) {
  const name = `${hosts.toLocaleString('en')} host${hosts > 1 ? 's' : ''}`;
  const ratioTo = (other) => median(rates.berth.map((rate, round) => rate / rates[other][round])).toFixed(2);
  const cells = ['bare', 'berth', 'caddy'].map((variant) =>
    rates[variant] ? Math.round(median(rates[variant])).toLocaleString('en') : '–',
  );
  return `| ${[name, ...cells, ratioTo('bare'), rates.caddy ? ratioTo('caddy') : '–'].join(' | ')} |`;
}

export const head =
  '| | bare HAProxy, req/s | Berth, req/s | Caddy, req/s | Berth : bare | Berth : Caddy |\n|---|---|---|---|---|---|';

const hostOf = (index) => `app${index}.localhost`;
const indexes = (hosts) => Array.from({ length: hosts }, (_, index) => index + 1);

/** One back end per host, found by a map. */
function bareByHost(dir, port, backend, hosts) {
  const lines = indexes(hosts).map((index) => `${hostOf(index)} b${index}\n`);
  const map = writeFile(dir, 'bare.map', lines.join(''));
  const backends = Object.fromEntries(indexes(hosts).map((index) => [`b${index}`, backend]));
  return bareConfig(port, `use_backend %[req.hdr(host),map_str(${map})]`, backends);
}

/** Everything that apps/router writes, for so many apps with one instance each. */
async function writeBerth(dir, port, backend, hosts) {
  const slots = indexes(hosts).map((index) => `any${index}`);
  const table = {
    environments: [{ id: 'production', name: 'production', teamId: 'default', baseId: null, subnet: '100.64.16.0/22' }],
    routes: slots.map((slot, index) => ({
      ...{ appId: slot, environmentId: 'production', maintenance: false },
      ...{ hosts: [hostOf(index + 1)], service: slot, rolloutId: slot, version: 1, appliedVersion: 1 },
    })),
    backends: slots.map((slot) => ({ rolloutId: slot, slot, healthPath: '/', healthStrict: false, servers: [] })),
  };
  await writeRouter(dir, { table, appsPort: port, instancePort: backend });
  return dir;
}

const caddyfile = (dir, port, backend, hosts) =>
  writeFile(
    dir,
    'Caddyfile',
    `{
  admin off
  auto_https off
}
:${port} {
  map {host} {upstream} {
${indexes(hosts)
  .map((index) => `    ${hostOf(index)} 127.0.0.1:${backend}\n`)
  .join('')}    default unknown
  }
  reverse_proxy {upstream}
}
`,
  );

const hostsScript = (hosts) => `math.randomseed(os.time())
local requests = {}
init = function(args)
  for i = 1, ${hosts} do requests[i] = wrk.format("GET", "/", { Host = "app" .. i .. ".localhost" }) end
end
request = function() return requests[math.random(${hosts})] end
`;

const isThere = (command) =>
  process.env.PATH.split(':').some((folder) => {
    try {
      return readFileSync(join(folder, command), { flag: 'r' }).length > 0;
    } catch {
      return false;
    }
  });

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const platformImage = process.env.BERTH_PLATFORM_IMAGE;
  if (!platformImage) throw new Error('BERTH_PLATFORM_IMAGE names the image that has HAProxy');
  console.log(`${head}\n${await benchRouter({ platformImage })}`);
}
