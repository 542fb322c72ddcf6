import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { api } from './berth.mjs';
import { ask, pause, quantile } from './measure.mjs';
import { pushApp, putToSleep } from './wake.mjs';

const runs = Number(process.env.BENCH_WAKES ?? 30);
/** A line that no other app here has: nobody who is awake holds its files. */
const node = process.env.BENCH_KEEPER_NODE ?? '22';
/** The host process looks each minute. */
const madeWithinMs = 150_000;
/** What a keeper reads when it starts. */
const readMs = 2_000;

/**
 * What a keeper is worth: the first request of an app whose memory is pushed out and which nobody with the same runtime is awake
 * beside, with its runtime's keeper and, in turn, without it. Needs a swap, root, and that no other app on the engine has that Node.js.
 */
export async function benchKeeper({ appsPort, instance }) {
  const name = `keeper-${Date.now().toString(36)}`;
  const first = () => ask({ host: '127.0.0.1', port: appsPort, headers: { host: `${name}.localhost` } });
  await api('POST', '/apps', { name });
  try {
    pushApp(name, `${node}.x`);
    const directory = directoryOf(await untilKeeper(instance));
    // What the pull of the image left in memory is charged to the engine, and would stay.
    await putToSleep(name, 'stopped');
    dropFiles(directory);
    await first();
    const keeper = await untilKeeper(instance);
    const times = { 'with its keeper': [], 'without a keeper': [] };
    for (let run = 0; run < runs; run++) {
      await putToSleep(name, 'pushed_out');
      docker('restart', '--time', '0', keeper);
      await pause(readMs);
      times['with its keeper'].push(await first());
      await putToSleep(name, 'pushed_out');
      letGo(keeper);
      times['without a keeper'].push(await first());
      process.stdout.write('.');
    }
    process.stdout.write('\n');
    return { table: toTable(times) };
  } finally {
    await api('DELETE', `/apps/${name}`).catch(() => {});
  }
}

const docker = (...argv) => execFileSync('docker', argv).toString().trim();

async function untilKeeper(instance) {
  const endsAt = performance.now() + madeWithinMs;
  for (;;) {
    const found = docker('ps', '--quiet', '--no-trunc', '--filter', `name=^${instance}-keeper-node-${node}.`);
    if (found) return found.split('\n')[0];
    if (performance.now() > endsAt) throw new Error('No keeper was made: has this host a swap?');
    await pause(500);
  }
}

const directoryOf = (id) => docker('inspect', '--format', '{{(index .Mounts 0).Source}}', id);

/** Out of the page cache, as far as no process maps them. */
function dropFiles(directory) {
  const drop = 'sync "$1" && dd if="$1" iflag=nocache count=0 status=none';
  execFileSync('find', [directory, '-type', 'f', '-size', '+64k', '-exec', 'sh', '-c', drop, 'drop', '{}', ';']);
}

/** Its processes but the first stand still, and the kernel takes back what it is charged for. */
function letGo(keeper) {
  docker('exec', keeper, 'sh', '-c', 'kill -STOP -1');
  const [file, value] = existsSync(fileOf(keeper, 'memory.force_empty'))
    ? ['memory.force_empty', '0']
    : ['memory.reclaim', '1G'];
  const group = openSync(fileOf(keeper, file), 'w');
  try {
    writeSync(group, value);
  } catch {
    // EBUSY, EAGAIN: it got less than all, such as the shell's own pages.
  } finally {
    closeSync(group);
  }
}

/** A file of its memory's cgroup, version 1 or 2. */
function fileOf(keeper, name) {
  const lines = readFileSync(`/proc/${docker('inspect', '--format', '{{.State.Pid}}', keeper)}/cgroup`, 'utf8');
  const group = /^\d+:memory:(.*)$/m.exec(lines)?.[1];
  if (group !== undefined) return join('/sys/fs/cgroup/memory', group, name);
  return join('/sys/fs/cgroup', /^0::(.*)$/m.exec(lines)?.[1] ?? '', name);
}

function toTable(times) {
  const rows = Object.entries(times).map(
    ([name, of]) => `| ${[name, of.length, ...[0.5, 0.95, 1].map((q) => quantile(of, q).toFixed(1))].join(' | ')} |`,
  );
  return ['| pushed out, nobody else awake | n | p50 ms | p95 ms | max ms |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}
