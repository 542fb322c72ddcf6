import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { api, remoteOf } from './berth.mjs';
import { ask, pause, quantile } from './measure.mjs';

const runs = Number(process.env.BENCH_WAKES ?? 50);
/** Between two parts of a run: what the last one left to do is done then, the rows of a wake among it. */
const settleMs = 1_000;

/**
 * Issue 5's bar 2: what sleep adds to the first request of an app that is frozen, pushed out (where the host has swap) and stopped,
 * beside the same request while it is awake; and `docker start` + first answer of the same container. In turn, in the same run.
 */
export async function benchWake({ appsPort, instance }) {
  const name = `wake-${Date.now().toString(36)}`;
  const { id: appId } = await api('POST', '/apps', { name });
  const times = { awake: [], frozen: [], 'pushed out': [], stopped: [], 'docker start': [] };
  const first = () => ask({ host: '127.0.0.1', port: appsPort, headers: { host: `${name}.localhost` } });
  const hasSwap = readFileSync('/proc/swaps', 'utf8').trim().split('\n').length > 1;
  try {
    pushApp(name);
    for (let run = 0; run < runs; run++) {
      times.awake.push(await first());
      await putToSleep(name, 'frozen');
      times.frozen.push(await first());
      if (hasSwap) {
        await putToSleep(name, 'pushed_out');
        times['pushed out'].push(await first());
      }
      await putToSleep(name, 'stopped');
      const container = await containerOf(instance, appId);
      await untilEnded(container);
      times['docker start'].push(await startBare(container));
      await untilEnded(container);
      times.stopped.push(await first());
      process.stdout.write('.');
    }
    process.stdout.write('\n');
    return { table: toTable(times) };
  } finally {
    await api('DELETE', `/apps/${name}`).catch(() => {});
  }
}

/** The benches' small Express app, on a line of Node.js; the push waits until it is live. */
export function pushApp(name, node = '24.x') {
  const folder = mkdtempSync(join(tmpdir(), 'berth-wake-'));
  cpSync(fileURLToPath(new URL('./app', import.meta.url)), folder, { recursive: true });
  rmSync(join(folder, 'Dockerfile'), { force: true });
  const manifest = join(folder, 'package.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('24.x', node));
  const git = (...argv) => execFileSync('git', argv, { cwd: folder, stdio: 'ignore' });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('-c', 'user.name=bench', '-c', 'user.email=bench@example.com', 'commit', '-qm', 'wake');
  git('push', '-q', remoteOf(name), 'HEAD:main');
  rmSync(folder, { recursive: true, force: true });
}

/** An app that somebody has just used is asked until it is quiet. */
export async function putToSleep(name, step) {
  await pause(settleMs);
  for (let tries = 0; tries < 100; tries++) {
    await api('POST', `/apps/${name}/actions/sleep`, { step });
    for (let looks = 0; looks < 20; looks++) {
      if ((await api('GET', `/apps/${name}/sleep`)).state === step) return pause(settleMs);
      await pause(50);
    }
  }
  throw new Error(`${name} is not ${step}`);
}

/** The Engine API on one kept connection: less than the docker command would take. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
function engine(method, path) {
  return new Promise((resolve, reject) => {
    request({ socketPath: '/var/run/docker.sock', method, path, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text ? JSON.parse(text) : undefined));
    })
      .on('error', reject)
      .end();
  });
}

async function containerOf(instance, appId) {
  const filters = JSON.stringify({ label: [`berth.instance=${instance}`, `berth.app=${appId}`] });
  const [found] = await engine('GET', `/containers/json?all=1&filters=${encodeURIComponent(filters)}`);
  return found.Id;
}

async function untilEnded(id) {
  await engine('POST', `/containers/${id}/stop?t=1`);
  while ((await engine('GET', `/containers/${id}/json`)).State.Running) await pause(20);
  await pause(settleMs);
}

/** `docker start` of the container, and its own port until it answers. */
async function startBare(id) {
  const begun = performance.now();
  await engine('POST', `/containers/${id}/start`);
  const { NetworkSettings, Config } = await engine('GET', `/containers/${id}/json`);
  const host = Object.values(NetworkSettings.Networks)[0].IPAddress;
  const port = Number(Config.Env.find((line) => line.startsWith('PORT=')).slice('PORT='.length));
  while (performance.now() - begun < 5_000) {
    const answer = await ask({ host, port, timeout: 1_000 }).catch(() => undefined);
    if (answer !== undefined) return performance.now() - begun;
    await pause(5);
  }
  return startBare(id); // Berth has just seen that it runs although it sleeps, and ended it
}

function toTable(times) {
  const awake = quantile(times.awake, 0.5);
  const bare = quantile(times['docker start'], 0.95);
  const over = (name, p95) =>
    name === 'stopped' ? `${(p95 - bare).toFixed(0)} over docker start` : (p95 - awake).toFixed(0);
  const lines = Object.entries(times).flatMap(([name, of]) => {
    if (of.length === 0) return [];
    const [p50, p95] = [quantile(of, 0.5), quantile(of, 0.95)];
    const added = name === 'awake' || name === 'docker start' ? '' : over(name, p95);
    return [`| ${name} | ${of.length} | ${p50.toFixed(1)} | ${p95.toFixed(1)} | ${added} |`];
  });
  return [
    '| first request of an app that is | n | p50 ms | p95 ms | added, p95 ms |',
    '|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}
