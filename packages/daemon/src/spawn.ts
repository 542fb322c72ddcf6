import { type SpawnOptions, spawn } from 'node:child_process';

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

/** It may have ended by itself a moment ago; its `close` event comes yet. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
