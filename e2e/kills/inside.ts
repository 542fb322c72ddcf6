import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

// Everything else in e2e/ sees a Berth from outside. Who kills its processes must find them, and look for what is left.

const home = resolve(process.env.BERTH_HOME ?? '.berth');

function readEnv(file: string): Record<string, string> {
  const lines = readFileSync(join(home, file), 'utf8').split('\n');
  return Object.fromEntries(lines.filter((line) => line.includes('=')).map((line) => line.split(/=(.*)/s).slice(0, 2)));
}

const { BERTH_INSTANCE = '', BERTH_NET = '', BERTH_DISKS_DIR = '' } = readEnv('compose.env');
export const instance = BERTH_INSTANCE;
export const disksDirectory = BERTH_DISKS_DIR;

const database = new URL(readEnv('env/releaser.env').DATABASE_URL!);
if (database.hostname === 'postgres') database.hostname = `${BERTH_NET}.10`;
const pool = new pg.Pool({ connectionString: database.href, max: 4 });
pool.on('error', () => {}); // PostgreSQL is restarted by a test

export const closeDatabase = () => pool.end();

/** Rows of the running Berth; they are only read, but that a test of the disk makes some older, and one of pages warns of an end. */
export async function query<Row extends pg.QueryResultRow>(sql: string, ...values: unknown[]): Promise<Row[]> {
  return (await pool.query<Row>(sql, values)).rows;
}

/** Runs a docker command; gives its lines. */
export async function docker(...argv: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)('docker', argv, { maxBuffer: 16 * 1024 * 1024 });
  return stdout.split('\n').filter((line) => line !== '');
}

export type Service =
  | 'builder'
  | 'releaser'
  | 'host'
  | 'git'
  | 'router-controller'
  | 'router'
  | 'redis'
  | 'postgres'
  | 'registry';

export async function containerOf(service: Service): Promise<string> {
  const labels = [`berth.instance=${instance}`, `com.docker.compose.service=${service}`];
  const [id] = await docker(
    'ps',
    '--quiet',
    '--no-trunc',
    ...labels.flatMap((label) => ['--filter', `label=${label}`]),
  );
  if (!id) throw new Error(`${service} does not run`);
  return id;
}

/** A process that can be killed at once: its id is looked up before, since a step lasts tens of milliseconds. */
export interface Victim {
  service: Service;
  /** SIGKILL to the process itself, below its init: as the kernel would for memory, not as Docker would stop it. */
  kill: () => void;
  /** Resolves when the restart policy has it running again. */
  isBack: () => Promise<boolean>;
}

/** Docker doubles the pause before it starts a container again that ran for less than this, ms. */
const restartedSoonMs = 10_000;

export async function findVictim(service: Service): Promise<Victim> {
  const container = await containerOf(service);
  const [startedAt = ''] = await docker('inspect', '--format', '{{.State.StartedAt}}', container);
  const left = Date.parse(startedAt) + restartedSoonMs - Date.now();
  if (left > 0) await new Promise((done) => setTimeout(done, left));
  const initPid = await pidOf(container);
  const pid = childOf(initPid) ?? initPid;
  return {
    service,
    kill: () => process.kill(pid, 'SIGKILL'),
    isBack: async () => {
      const now = await pidOf(container);
      return now !== 0 && now !== initPid;
    },
  };
}

async function pidOf(container: string): Promise<number> {
  return Number((await docker('inspect', '--format', '{{.State.Pid}}', container))[0]);
}

function childOf(pid: number): number | undefined {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? undefined : Number(children.split(' ')[0]);
}

/** Ids of all processes of this host that run exactly this command, in whatever container. */
export async function findProcesses(...argv: string[]): Promise<string[]> {
  const wanted = `${argv.join('\0')}\0`;
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return ids.filter((_, at) => commands[at] === wanted);
}
