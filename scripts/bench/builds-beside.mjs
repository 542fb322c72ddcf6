import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { api, remoteOf } from './berth.mjs';
import { median } from './measure.mjs';

const rounds = 3;
const roundMs = 20_000;
/** Requests per second, on kept connections. */
const rate = 100;
const builds = 3;

/**
 * Issue 4's bar 4: latency of an app under steady load while three builds keep every core busy, beside its latency without
 * builds in the same run, in turns. Needs BERTH_BUILDS_SIDE_BY_SIDE=3.
 */
export async function benchBuildsBeside({ appsPort }) {
  const stamp = Date.now().toString(36);
  const app = `beside-${stamp}`;
  const busy = Array.from({ length: builds }, (_, at) => `busy${at}-${stamp}`);
  for (const name of [app, ...busy]) await api('POST', '/apps', { name });
  try {
    await push(app, (folder) =>
      cpSync(fileURLToPath(new URL('./load-app', import.meta.url)), folder, { recursive: true }),
    );
    const seen = { without: [], beside: [] };
    for (let round = 0; round < rounds; round += 1) {
      seen.without.push(await load(appsPort, app));
      const pushes = busy.map((name) => push(name, (folder) => writeBusyApp(folder, round)).catch(() => {}));
      await untilBuilding(busy);
      seen.beside.push(await load(appsPort, app));
      await Promise.all(pushes);
      process.stdout.write('.');
    }
    process.stdout.write('\n');
    const of = (list, quantile) => median(list.map((one) => one[quantile]));
    const rowOf = (name, list) =>
      `| ${name} | ${['p50', 'p95', 'p99'].map((q) => of(list, q).toFixed(1)).join(' | ')} | ${list.reduce((sum, { failed }) => sum + failed, 0)} |`;
    const ratio = of(seen.beside, 'p99') / of(seen.without, 'p99');
    return {
      table: [
        '| | p50 ms | p95 ms | p99 ms | failed |',
        '|---|---|---|---|---|',
        rowOf('no builds', seen.without),
        rowOf(`${builds} builds`, seen.beside),
        `| ratio of p99 | | | ${ratio.toFixed(2)} | |`,
      ].join('\n'),
      rounds: seen,
    };
  } finally {
    for (const name of [app, ...busy]) await api('DELETE', `/apps/${name}`).catch(() => {});
  }
}

/** A build that keeps two cores busy for as long as a round takes. */
function writeBusyApp(folder, round) {
  const seconds = Math.ceil((roundMs + 6_000) / 1000);
  const spin = `const end = Date.now() + ${seconds}e3; while (Date.now() < end);`;
  const files = {
    'package.json': JSON.stringify({ name: 'busy', scripts: { build: 'node build.js', start: 'node server.js' } }),
    'build.js': `// ${round}\nconst { Worker } = require('node:worker_threads');\nfor (let n = 0; n < 2; n += 1) new Worker(${JSON.stringify(spin)}, { eval: true });\n`,
    'server.js': "require('node:http').createServer((_, response) => response.end('ok')).listen(process.env.PORT);\n",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

async function push(name, fill) {
  const folder = mkdtempSync(join(tmpdir(), 'berth-beside-'));
  try {
    fill(folder);
    const git = (...argv) => execFileSync('git', argv, { cwd: folder, stdio: 'ignore' });
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('-c', 'user.name=bench', '-c', 'user.email=bench@example.com', 'commit', '-qm', `${Date.now()}`);
    await new Promise((resolve, reject) => {
      const pushed = spawn('git', ['push', '-qf', remoteOf(name), 'HEAD:main'], { cwd: folder, stdio: 'ignore' });
      pushed.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`git push ended with ${code}`))));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function untilBuilding(names) {
  const deadline = Date.now() + 60_000;
  const isBuilding = async (name) =>
    (await api('GET', `/apps/${name}/steps`)).some((step) => step.name === 'build script' && !step.ended_at);
  while (!(await Promise.all(names.map(isBuilding))).every(Boolean)) {
    if (Date.now() > deadline) throw new Error('the builds do not run side by side: is BERTH_BUILDS_SIDE_BY_SIDE 3?');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Steady requests for one round; quantiles in ms. */
async function load(port, app) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const took = [];
  let failed = 0;
  const ask = () =>
    new Promise((resolve) => {
      const from = performance.now();
      const asked = request(
        { host: '127.0.0.1', port, path: '/', headers: { host: `${app}.localhost` }, agent },
        (answer) => {
          answer.resume();
          answer.on('end', () => {
            took.push(performance.now() - from);
            resolve();
          });
        },
      );
      asked.on('error', () => {
        failed += 1;
        resolve();
      });
      asked.end();
    });
  const open = [];
  const end = performance.now() + roundMs;
  while (performance.now() < end) {
    open.push(ask());
    await new Promise((resolve) => setTimeout(resolve, 1_000 / rate));
  }
  await Promise.all(open);
  agent.destroy();
  took.sort((a, b) => a - b);
  const at = (share) => took[Math.floor(took.length * share)];
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), failed };
}
