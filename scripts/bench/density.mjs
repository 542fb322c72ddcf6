import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { api, credentials } from './berth.mjs';
import { DensityWorld } from './density-world.mjs';
import { containersOf, cpuSeconds, pssOfContainer } from './idle.mjs';
import { pause, quantile, timed } from './measure.mjs';

const environments = Number(process.env.BENCH_ENVIRONMENTS ?? 300);
const awake = 10;
/** Requests one at a time, and rounds of requests at once. */
const singles = 100;
const crowd = 20;
const crowds = 3;
const idleSeconds = 60;
const restMs = 30_000;
/** Between two that are woken one at a time: as people come, not as a loop does. */
const apartMs = 300;

/**
 * Issue 5's bar 3: hundreds of project environments of three small Node.js apps each, all but ten apps asleep with their memory
 * pushed out. What they take, how soon any of them answers, and what the control plane costs and still does meanwhile.
 * BENCH_ENVIRONMENTS says how many; BENCH_KEEP=1 leaves them for another run, which goes on with what is there. It needs a swap
 * (BERTH_SWAP=20G), and a subnet pool with room for as many networks.
 */
export async function benchDensity({ docker, instance, appsPort }) {
  const world = new DensityWorld(appsPort);
  try {
    const before = readMemory();
    const { ms: madeMs, result: made } = await timed(() => world.make(environments));
    await world.sleepAll();
    const awakeNames = pick(world.apps, awake);
    for (const name of awakeNames) await world.first(name);
    await pause(restMs);
    const rows = [
      ['environments × services', `${environments} × 3 = ${world.apps.length} apps, ${awake} of them awake`],
      ['made in this run', `${made}, ${(madeMs / 1000 / Math.max(1, made)).toFixed(1)} s each (start, put to sleep)`],
      ...memoryRows(before, readMemory(), world.apps.length),
      ...(await idleRows(docker, instance)),
      ...(await listRows()),
      ...(await updateRows(world, awakeNames)),
      ...(await wakeRows(world, new Set(awakeNames))),
    ];
    return { table: ['| | seen |', '|---|---|', ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n') };
  } finally {
    if (!process.env.BENCH_KEEP) await world.remove();
  }
}

const pick = (from, count) => [...from].sort(() => Math.random() - 0.5).slice(0, count);

/** GiB of /proc/meminfo. */
function readMemory() {
  const text = readFileSync('/proc/meminfo', 'utf8');
  const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) / 2 ** 20;
  return { available: of('MemAvailable'), swap: of('SwapTotal') - of('SwapFree'), compressed: of('Zswap') };
}

function memoryRows(before, now, apps) {
  const used = before.available - now.available;
  return [
    [
      'memory taken since the start of this run',
      `${used.toFixed(1)} GiB, ${((used * 1024) / apps).toFixed(1)} MiB an app`,
    ],
    ['memory left', `${now.available.toFixed(1)} GiB`],
    ['in the swap, raw', `${now.swap.toFixed(1)} GiB, compressed in memory ${now.compressed.toFixed(1)} GiB`],
  ];
}

/** Control plane: all containers of Berth itself, and the daemons below them. */
async function idleRows(docker, instance) {
  const containers = containersOf(docker, instance);
  const daemons = ['dockerd', 'containerd'].map((name) => ({ name, pid: pidOf(name) }));
  const look = () => [
    ...containers.map(([id]) => cpuSeconds(docker, id)),
    ...daemons.map(({ pid }) => cpuSecondsOf(pid)),
  ];
  const before = look();
  await pause(idleSeconds * 1000);
  const after = look();
  const names = [...containers.map(([, service]) => service), ...daemons.map(({ name }) => name)];
  const used = names
    .map((name, at) => ({ name, percent: ((after[at] - before[at]) / idleSeconds) * 100 }))
    .sort((a, b) => b.percent - a.percent);
  const isDaemon = ({ name }) => name === 'dockerd' || name === 'containerd';
  const sum = (of) => of.reduce((total, { percent }) => total + percent, 0);
  const most = used.filter(({ percent }) => percent >= 0.1).map(({ name, percent }) => `${name} ${percent.toFixed(1)}`);
  const pss = containers.reduce((total, [id]) => total + pssOfContainer(docker, id), 0);
  return [
    ['control plane, CPU of a core over a minute', `${sum(used.filter((one) => !isDaemon(one))).toFixed(1)} %`],
    ['with dockerd and containerd', `${sum(used).toFixed(1)} % (${most.join(', ')})`],
    ['control plane, PSS', `${pss.toFixed(0)} MiB`],
  ];
}

const pidOf = (name) => Number(execFileSync('pidof', ['-s', name]).toString());

/** User and system time of a process and its threads, s (proc(5), 100 ticks a second). */
function cpuSecondsOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** A request to the dashboard: its host name is one that not every resolver knows. Gives status, cookies and the whole answer's time. */
function askDashboard(method, path, headers, body) {
  const url = new URL(path, credentials().dashboardUrl);
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: url.port, path: url.pathname, method, agent: false };
    const sent = request({ ...options, headers: { host: url.host, origin: url.origin, ...headers } }, (response) => {
      const { statusCode: status, headers: answered } = response;
      response.resume().on('end', () => resolve({ status, cookies: answered['set-cookie'] ?? [] }));
    });
    sent.on('error', reject).end(body);
  });
}

/** Ten times each: what the API's lists and the dashboard's pages take until their last byte. */
async function listRows() {
  const { email, password } = credentials();
  const json = { 'content-type': 'application/json' };
  const signIn = '/api/auth/sign-in/email';
  const { cookies } = await askDashboard('POST', signIn, json, JSON.stringify({ email, password }));
  const cookie = cookies.map((line) => line.split(';')[0]).join('; ');
  const page = (path) => async () => {
    const { status } = await askDashboard('GET', path, { cookie });
    if (status !== 200) throw new Error(`${path}: ${status}`);
  };
  const lists = {
    'API: a page of apps': () => api('GET', '/apps', undefined, { range: 'name ..; max=200' }),
    'API: all project environments': () => api('GET', '/environments'),
    'dashboard: apps': page('/'),
    'dashboard: environments': page('/environments'),
  };
  const rows = [];
  for (const [name, load] of Object.entries(lists)) {
    const times = [];
    for (let run = -2; run < 10; run++) {
      const { ms } = await timed(load);
      if (run >= 0) times.push(ms); // the first ones warm up
    }
    rows.push([`${name}, p50 / max`, spread(times, [0.5, 1])]);
  }
  return rows;
}

/** An app's maintenance is switched on and off, while another one is asked all the time. */
async function updateRows(world, [switched, steady]) {
  const { times, failed, asked } = await world.whileAsked(steady, async () => {
    const seen = [];
    for (let run = 0; run < 10; run++)
      for (const maintenance of [true, false]) {
        const { ms } = await timed(async () => {
          await api('PATCH', `/apps/${switched}`, { maintenance });
          while ((await world.status(switched)) !== (maintenance ? 503 : 200)) await pause(5);
        });
        seen.push(ms);
        await pause(300);
      }
    return seen;
  });
  return [
    ['router update, asked by API until it shows, p50 / p95', spread(times, [0.5, 0.95])],
    ['requests to another app meanwhile', `${asked}, ${failed} failed`],
  ];
}

async function wakeRows(world, isAwake) {
  const asleep = pick(
    world.apps.filter((name) => !isAwake.has(name)),
    singles + crowd * crowds,
  );
  const alone = [];
  for (const name of asleep.splice(0, Math.max(crowd, asleep.length - crowd * crowds))) {
    alone.push(await world.first(name));
    await pause(apartMs);
  }
  const again = [];
  for (const name of isAwake) again.push(await world.first(name));
  await pause(restMs);
  const together = [];
  const rounds = [];
  for (let round = 0; round < crowds && asleep.length > 0; round++) {
    const { ms, result } = await timed(() => Promise.all(asleep.splice(0, crowd).map((name) => world.first(name))));
    together.push(...result);
    rounds.push(ms);
    await pause(5_000);
  }
  return [
    ['an app that is awake answers, p50 / p95', spread(again, [0.5, 0.95])],
    [
      `one that is pushed out, one at a time, ${apartMs} ms apart (${alone.length}), p50 / p95 / max`,
      spread(alone, [0.5, 0.95, 1]),
    ],
    [`${crowd} at once, each (${together.length}), p50 / p95 / max`, spread(together, [0.5, 0.95, 1])],
    [`${crowd} at once, until the last has answered, each round`, `${rounds.map((ms) => ms.toFixed(0)).join(', ')} ms`],
  ];
}

const spread = (times, at) =>
  times.length === 0 ? 'none' : `${at.map((q) => quantile(times, q).toFixed(0)).join(' / ')} ms`;
