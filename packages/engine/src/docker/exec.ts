import type { Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { demux } from './demux.js';

export interface ExecCommand {
  argv: readonly string[];
  env?: Record<string, string>;
  cwd?: string;
  user?: string;
  /** Bytes for its stdin, closed after them. */
  input?: Readable;
}

export interface ExecEnd {
  exitCode: number;
  stderr: string;
}

const stderrMax = 16 * 1024;

/**
 * Runs one command in a running container by the API and hands on what it prints as it comes; a promise from
 * `onOutput` holds the process back. Ends when the command has closed its output.
 */
export async function execIn(
  container: Docker.Container,
  command: ExecCommand,
  onOutput: (stream: 'stdout' | 'stderr', chunk: Buffer) => unknown,
): Promise<ExecEnd> {
  const exec = await container.exec({
    AttachStdin: command.input !== undefined,
    AttachStdout: true,
    AttachStderr: true,
    Cmd: [...command.argv],
    Env: Object.entries(command.env ?? {}).map(([key, value]) => `${key}=${value}`),
    ...(command.cwd === undefined ? {} : { WorkingDir: command.cwd }),
    ...(command.user === undefined ? {} : { User: command.user }),
  });
  const socket = (await exec.start({ hijack: true, stdin: true })) as Duplex;
  // A command that ends before it has read its input breaks the pipe: its exit code says more than that error.
  const sent = command.input ? pipeline(command.input, socket).catch(() => {}) : Promise.resolve();
  let stderr = '';
  try {
    for await (const { stream, text } of demux(socket)) {
      if (stream === 'stderr' && stderr.length < stderrMax) stderr += text;
      await onOutput(stream, text);
    }
    command.input?.destroy();
    await sent;
  } finally {
    socket.destroy();
  }
  const { ExitCode } = await exec.inspect();
  return { exitCode: ExitCode ?? -1, stderr };
}

/** A short command of our own in a container of ours: its stdout, or an error with its stderr. */
export async function runIn(container: Docker.Container, command: ExecCommand): Promise<string> {
  const chunks: Buffer[] = [];
  const { exitCode, stderr } = await execIn(container, command, (stream, chunk) => {
    if (stream === 'stdout') chunks.push(chunk);
  });
  if (exitCode !== 0) throw new Error(`${command.argv.slice(0, 3).join(' ')} ended with ${exitCode}: ${stderr}`);
  return Buffer.concat(chunks).toString();
}
