import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { median } from './measure.mjs';
import { languages } from './propagation/languages.mjs';

/** Of requests per variant; the medians of their ratios count, since one round next to another has the same noise. */
const rounds = 15;
const requestsUsually = 15_000;
const connections = 8;
const starts = 25;

const marked = { baggage: 'berth-env=checkout' };

/**
 * What the propagators cost a hello world: CPU per request without and with a mark, and time of a start. BENCH_PROPAGATION
 * names some of the languages: `go,java`.
 */
export async function benchPropagation() {
  const directory = mkdtempSync(join(tmpdir(), 'berth-bench-'));
  const wanted = process.env.BENCH_PROPAGATION?.split(',') ?? Object.keys(languages);
  try {
    const rows = [];
    for (const name of wanted) rows.push(await measure(await languages[name](mkdtempSync(join(directory, name)))));
    const title =
      '| language | CPU per request, without | with | marked request, without | with | start, without | with |';
    return { table: [title, '|---|---|---|---|---|---|---|', ...rows].join('\n') };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function measure({ title, warmUps = 1, requests = requestsUsually, serve, start }) {
  const [bare, carrying] = await Promise.all([startApp(serve(false)), startApp(serve(true))]);
  const unmarked = await startApp(serve(true));
  const cost = { bare: [], unmarked: [], bareMarked: [], marked: [] };
  try {
    for (let round = -warmUps; round < rounds; round++) {
      const took = {
        bare: await cpuPerRequest(bare, requests),
        unmarked: await cpuPerRequest(unmarked, requests),
        // The same requests: one more header costs by itself.
        bareMarked: await cpuPerRequest(bare, requests, marked),
        marked: await cpuPerRequest(carrying, requests, marked),
      };
      if (round >= 0) for (const name of Object.keys(cost)) cost[name].push(took[name]);
      process.stdout.write('.');
    }
  } finally {
    for (const { child } of [bare, carrying, unmarked]) child.kill();
  }
  const began = { bare: [], carrying: [] };
  for (let run = 0; run < starts; run++) {
    began.bare.push(startMs(start(false)));
    began.carrying.push(startMs(start(true)));
  }
  process.stdout.write('\n');
  const ratio = (name, to) => {
    const percent = (median(cost[name].map((us, round) => us / cost[to][round])) - 1) * 100;
    return `${median(cost[name]).toFixed(1)} µs (${percent < 0 ? '' : '+'}${percent.toFixed(1)} %)`;
  };
  const took = (name) => `${median(began[name]).toFixed(0)} ms`;
  return `| ${title} | ${median(cost.bare).toFixed(1)} µs | ${ratio('unmarked', 'bare')} | ${median(cost.bareMarked).toFixed(1)} µs | ${ratio('marked', 'bareMarked')} | ${took('bare')} | ${took('carrying')} |`;
}

async function startApp({ argv: [program, ...args], env }) {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, port: Number(line) };
}

/** µs of the app's process per request, over kept-alive connections. */
async function cpuPerRequest({ port }, requests, headers = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const before = Number(await get(port, agent, '/cpu'));
  let left = requests;
  const client = async () => {
    while (left-- > 0) await get(port, agent, '/', headers);
  };
  await Promise.all(Array.from({ length: connections }, client));
  const after = Number(await get(port, agent, '/cpu'));
  agent.destroy();
  return (after - before) / requests;
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
function startMs({ argv: [program, ...args], env }) {
  const startedAt = performance.now();
  execFileSync(program, args, { env: { ...process.env, ...env } });
  return performance.now() - startedAt;
}
