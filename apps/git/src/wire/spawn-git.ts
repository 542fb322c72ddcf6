import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Logger } from '@berth/daemon/logger';

const stderrMax = 2000;

/** A running git process of the wire, in a process group of its own. */
export interface GitProcess {
  child: ChildProcess;
  /** Ends git and everything that it has started. */
  kill: () => void;
  /** Resolves when git has ended and all that it printed was read; code null: it was killed. */
  ended: Promise<number | null>;
}

/** Starts git for one exchange with a client; killed when `cut` is aborted, that is when the client is gone. */
export function spawnGit(
  argv: readonly string[],
  options: { env: Record<string, string>; stdio: StdioOptions; cut: AbortSignal; logger: Logger },
): GitProcess {
  const child = spawn('git', argv, { env: options.env, stdio: options.stdio, detached: true });
  const kill = () => {
    if (!child.pid) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // the group has ended by itself
    }
  };
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk).slice(-stderrMax);
  });
  if (options.cut.aborted) kill();
  options.cut.addEventListener('abort', kill, { once: true });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    const isRead = new Promise<void>((read) => (child.stdout ? child.stdout.once('close', read) : read()));
    child.on('exit', (code) => {
      options.cut.removeEventListener('abort', kill);
      if (code !== 0) options.logger.info({ argv: argv.slice(0, 1), code, stderr }, 'git ended');
      void isRead.then(() => resolve(code));
    });
  });
  return { child, kill, ended };
}

/** A client's bytes that end before their end (broken gzip, half a request) end git too, which would wait for the rest. */
export function killOnHalfInput(git: GitProcess, input: Readable): void {
  const look = () => {
    if (!input.readableEnded) git.kill();
  };
  if (input.destroyed) look();
  else input.once('close', look);
}
