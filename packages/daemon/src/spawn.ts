import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

/** The end of a command: exit code, and what it printed (bounded). */
export interface Ended {
  code: number | null;
  stdout: Buffer;
  stderr: string;
}

const stderrMax = 64 * 1024;

/**
 * Runs one argument list, never a shell string. Kills the process group when `signal` is aborted.
 * Throws when it cannot be started, when stdout grows over `stdoutMax` bytes (64 MiB), and with `check` on a code other than 0.
 */
export function run(
  argv: readonly [string, ...string[]],
  options: SpawnOptions & { input?: Buffer | string; check?: boolean; stdoutMax?: number } = {},
): Promise<Ended> {
  const { input, check = true, stdoutMax = 64 * 1024 * 1024, signal, ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0], argv.slice(1), { ...spawnOptions, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    const kill = () => killGroup(child.pid);
    signal?.addEventListener('abort', kill, { once: true });
    if (signal?.aborted) kill();
    const out: Buffer[] = [];
    let outBytes = 0;
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      outBytes += chunk.length;
      if (outBytes > stdoutMax) kill();
      else out.push(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      if (stderr.length < stderrMax) stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      signal?.removeEventListener('abort', kill);
      const ended = { code, stdout: Buffer.concat(out), stderr };
      if (outBytes > stdoutMax) reject(new Error(`${argv[0]}: more than ${stdoutMax} bytes of output`));
      else if (check && code !== 0)
        reject(new Error(`${argv.slice(0, 3).join(' ')} ended with ${code}: ${stderr.slice(-2000)}`));
      else resolve(ended);
    });
    child.stdin?.on('error', () => {}); // a command that does not read its input
    child.stdin?.end(input);
  });
}

/** One command and its arguments. */
export type Argv = readonly [string, ...string[]];

/**
 * Runs two commands, the output of the first being the input of the second. Kills both process groups when `signal` is aborted.
 * Throws when either cannot be started or ends with a code other than 0, with what it said last.
 */
export async function runPiped(from: Argv, to: Argv, options: SpawnOptions = {}): Promise<void> {
  const { signal, ...spawnOptions } = options;
  signal?.throwIfAborted();
  const start = (argv: Argv) =>
    spawn(argv[0], argv.slice(1), { ...spawnOptions, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const [first, second] = [start(from), start(to)];
  const kill = () => {
    for (const { pid } of [first, second]) killGroup(pid);
  };
  signal?.addEventListener('abort', kill, { once: true });
  first.stdin?.end();
  second.stdout?.resume();
  second.on('close', () => first.stdout?.destroy()); // else the first would wait for a reader for ever
  if (first.stdout && second.stdin) {
    second.stdin.on('error', () => {}); // a command that ended before its input did
    first.stdout.pipe(second.stdin);
  }
  const ends = await Promise.allSettled([endOf(first, from), endOf(second, to)]);
  signal?.removeEventListener('abort', kill);
  signal?.throwIfAborted();
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}

function endOf(child: ChildProcess, argv: Argv): Promise<void> {
  return new Promise((resolve, reject) => {
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr = `${stderr}${chunk}`.slice(-stderrMax);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${argv[0]} ended with ${code}: ${stderr.slice(-2000)}`));
    });
  });
}

/** It may have ended by itself a moment ago; its `close` event comes yet. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
