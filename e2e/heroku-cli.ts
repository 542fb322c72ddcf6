import { execFile, spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { credentials } from './credentials.js';

const version = '11.10.0';
/** One command takes 1-2 s here; many run at once while an app starts. */
const timeoutMs = 90_000;

/** The Heroku CLI's folder; installed once per machine, outside of the repository. */
async function installCli(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'berth');
  const folder = join(cache, `heroku-cli-${version}`);
  const isThere = () =>
    access(join(folder, 'node_modules', '.bin', 'heroku')).then(
      () => true,
      () => false,
    );
  if (await isThere()) return folder;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, 'installing-'));
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', fresh];
  await promisify(execFile)('npm', ['install', ...options, `heroku@${version}`], { timeout: 300_000 });
  await rename(fresh, folder).catch(async (error) => {
    await rm(fresh, { recursive: true, force: true });
    if (!(await isThere())) throw error; // else somebody else was faster
  });
  return folder;
}

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** The unmodified Heroku CLI with a home of its own, pointed at the running Berth as `npm run -s env` does. */
export interface HerokuCli {
  home: string;
  env: Record<string, string>;
  /** Runs one command; one that fails is an error with what it printed. */
  run: (...args: string[]) => Promise<Ran>;
  /** As `run`, for a command that should fail. */
  fail: (...args: string[]) => Promise<Ran>;
  /** Runs a command that does not end by itself until its output matches. */
  watch: (args: string[], pattern: RegExp) => Promise<string>;
  remove: () => Promise<void>;
}

export async function openHerokuCli(): Promise<HerokuCli> {
  const folder = await installCli();
  const home = await mkdtemp(join(tmpdir(), 'berth-heroku-cli-'));
  const bin = join(folder, 'node_modules', '.bin');
  const env = environment(home, bin);
  const heroku = join(bin, 'heroku');
  const run = (args: string[]) => runCommand([heroku, ...args], { env, cwd: home });
  return {
    home,
    env,
    run: async (...args) => {
      const ran = await run(args);
      if (ran.code === 0) return ran;
      throw new Error(`heroku ${args.join(' ')} ended with ${ran.code}:\n${ran.stdout}\n${ran.stderr}`);
    },
    fail: async (...args) => {
      const ran = await run(args);
      if (ran.code !== 0) return ran;
      throw new Error(`heroku ${args.join(' ')} should have failed:\n${ran.stdout}\n${ran.stderr}`);
    },
    watch: (args, pattern) => watchCommand([heroku, ...args], { env, cwd: home }, pattern),
    remove: () => rm(home, { recursive: true, force: true }),
  };
}

/** The CLI's set-up in its URL mode: one host and port for everything. */
function environment(home: string, bin: string): Record<string, string> {
  const { apiUrl, token, caFile } = credentials;
  return {
    PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    HEROKU_HOST: apiUrl,
    HEROKU_API_KEY: token,
    HEROKU_PARTICLEBOARD_URL: apiUrl,
    HEROKU_DATA_HOST: new URL(apiUrl).hostname,
    HEROKU_BUILDPACK_REGISTRY_URL: apiUrl,
    HEROKU_LOGIN_HOST: apiUrl,
    HEROKU_EXEC_URL: `https://${new URL(apiUrl).host}/`,
    HEROKU_STATUS_HOST: apiUrl,
    NODE_EXTRA_CA_CERTS: caFile,
    GIT_SSL_CAINFO: caFile,
    DISABLE_TELEMETRY: 'true',
    HEROKU_DISABLE_AUTOUPDATE: '1',
    HEROKU_SKIP_NEW_VERSION_CHECK: 'true',
    HEROKU_NETRC_WRITE: 'true',
    NO_COLOR: '1',
  };
}

/** Runs one argument list to its end. */
export function runCommand(
  [command, ...args]: [string, ...string[]],
  options: { env: Record<string, string>; cwd: string },
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(command, args, { ...options, timeout: timeoutMs }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end(); // nobody answers a prompt
  });
}

function watchCommand(
  [command, ...args]: [string, ...string[]],
  options: { env: Record<string, string>; cwd: string },
  pattern: RegExp,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const end = (settle: () => void) => {
      clearTimeout(timer);
      child.removeAllListeners();
      child.kill('SIGKILL');
      settle();
    };
    const timer = setTimeout(() => end(() => reject(new Error(`No ${pattern} in time:\n${output}`))), timeoutMs);
    const read = (chunk: Buffer) => {
      output += chunk;
      if (pattern.test(output)) end(() => resolve(output));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', (error) => end(() => reject(error)));
    child.on('exit', (code) => end(() => reject(new Error(`${args.join(' ')} ended with ${code}:\n${output}`))));
  });
}
