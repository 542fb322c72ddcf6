import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** One of our processes as it runs in production: `apps/<name>/dist/main.js`, configured by its environment only. */
export function startProcess(name: string, env: Record<string, string>) {
  const main = fileURLToPath(new URL(`../../${name}/dist/main.js`, import.meta.url));
  const { PATH = '' } = process.env;
  let child: ChildProcess;
  let output = '';
  const start = () => {
    child = spawn(process.execPath, ['--enable-source-maps', main], {
      env: { PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        output = (output + chunk).slice(-200_000);
        if (process.env.TEST_VERBOSE) process.stderr.write(`${name}: ${chunk}`);
      });
  };
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  start();
  return {
    output: () => output,
    /** SIGKILL, as the kernel would for memory. */
    kill: () => end('SIGKILL'),
    restart: () => start(),
    stop: () => end('SIGTERM'),
  };
}

export type OurProcess = ReturnType<typeof startProcess>;
