import { type Duplex, duplexPair, PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError, UserError } from '@berth/domain/errors';
import type Docker from 'dockerode';
import type { Terminal, TerminalSpec } from '../interface.js';
import { writeWhenRoom } from '../write-when-room.js';
import { commandArgv, shellArgv } from './command-line.js';
import { demux, type Printed } from './demux.js';
import { statusOf, unlessStatus } from './docker-errors.js';
import { type DockerHost, unprivilegedUser } from './docker-host.js';
import { guardSession } from './guard-session.js';
import { label, labelFilter } from './labels.js';

/**
 * Tells its process id, which is its session's too (runc starts each exec in one of its own), and becomes the command. A terminal has its
 * size by then, where the image has stty: Docker's own comes a moment later, and a command that is quick would see none.
 * Arguments: lines and columns (0: none), the command.
 */
const announce = '[ "$1" = 0 ] || stty rows "$1" cols "$2" 2>/dev/null; shift 2; echo "$$"; exec "$@"';

/**
 * Docker takes a sequence of keys for "detach", holds back the first one until it knows, and cannot be told to have none:
 * one that begins with what hardly anybody types, and that nobody types by chance.
 */
const detachKeys = Array.from({ length: 8 }, () => 'ctrl-^,ctrl-@').join(',');

const endOfFile = '\x04';

/** {@link ReleaseEngine.openTerminal} by docker exec. */
export async function openTerminal(host: DockerHost, spec: TerminalSpec): Promise<Terminal> {
  const container = await findContainer(host, spec);
  const { exec, socket } = await startExec(container, spec);
  socket.on('error', () => {}); // the end of what it prints tells
  const resize = async (columns: number, lines: number) => {
    // 500 is Docker's word for a process that has ended by then.
    if (spec.tty && columns > 0 && lines > 0)
      await unlessStatus([404, 409, 500], exec.resize({ w: columns, h: lines }));
  };
  const printed = (spec.tty ? raw(socket) : demux(socket))[Symbol.asyncIterator]();
  const begin = async () => {
    await resize(spec.columns, spec.lines);
    const { pid, rest } = await readPid(printed);
    return { rest, session: await guardSession(container, pid) };
  };
  const late = setTimeout(() => socket.destroy(), startMs);
  const { rest, session } = await begin()
    .catch((error: unknown) => {
      socket.destroy();
      throw error;
    })
    .finally(() => clearTimeout(late));
  const [stream, far] = duplexPair();
  const stderr = new PassThrough();
  let isGone = false;
  stream.on('close', () => {
    isGone = true;
    session.end();
    socket.destroy();
    far.destroy();
    stderr.destroy();
  });
  far.pipe(socket, { end: !spec.tty });
  if (spec.tty) far.on('end', () => socket.write(endOfFile)); // a terminal's input does not end: Docker would let go of its output
  const print = ({ stream: name, text }: Printed) => writeWhenRoom(name === 'stdout' ? far : stderr, text);
  const run = async () => {
    for (const piece of rest) await print(piece);
    for (let next = await printed.next(); !next.done; next = await printed.next()) await print(next.value);
    return await exitCode(exec, () => isGone);
  };
  const exit = run()
    .catch((error: unknown) => {
      throw isGone ? new TransientError('The terminal was closed.') : error;
    })
    .finally(() => {
      session.end();
      socket.destroy();
      far.end();
      stderr.end();
    });
  exit.catch(() => stream.destroy());
  return { stream, stderr, resize, exit };
}

/** Starts what is asked for beside what runs there, announced. */
async function startExec(
  container: Docker.Container,
  spec: TerminalSpec,
): Promise<{ exec: Docker.Exec; socket: Duplex }> {
  const isSized = spec.tty && spec.columns > 0 && spec.lines > 0;
  const size = isSized ? [String(spec.lines), String(spec.columns)] : ['0', '0'];
  const command = spec.command === undefined ? shellArgv() : commandArgv(spec.command);
  const exec = await container.exec({
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: spec.tty,
    DetachKeys: detachKeys,
    User: unprivilegedUser,
    Env: Object.entries(spec.env).map(([key, value]) => `${key}=${value}`),
    Cmd: ['/bin/sh', '-c', announce, 'sh', ...size, ...command],
  });
  const socket = (await exec.start({ hijack: true, stdin: true, Tty: spec.tty })) as Duplex;
  return { exec, socket };
}

/** Only containers of apps: the platform's own and jails are none of the caller's business. */
async function findContainer(host: DockerHost, { containerId, oneOffKey }: TerminalSpec): Promise<Docker.Container> {
  const filters = labelFilter(host, 'oneoff', { [label.key]: oneOffKey ?? '' });
  const id = containerId ?? (await host.docker.listContainers({ filters }))[0]?.Id;
  const container = host.docker.getContainer(id ?? 'none');
  const info = await unlessStatus([404], container.inspect());
  const labels = info?.Config.Labels ?? {};
  const isApps = ['instance', 'oneoff'].includes(labels[label.kind] ?? '');
  if (!isApps || labels[label.instance] !== host.names.instance || !info?.State.Running)
    throw new UserError('conflict', 'This process does not run any more.');
  if (!(await unlessStatus([404], container.infoArchive({ path: '/bin/sh' }))))
    throw new UserError('unsupported', 'This image has no shell (/bin/sh): no command can be run beside its process.');
  return container;
}

async function* raw(socket: Duplex): AsyncGenerator<Printed> {
  for await (const text of socket) yield { stream: 'stdout', text };
}

/** How long an image's own shell may take to tell it, ms, and how much it may print before, bytes: it may be anything. */
const startMs = 30_000;
const startMax = 64 * 1024;

/** The first line of its output, and what else came meanwhile: the two outputs of a process overtake each other. */
async function readPid(printed: AsyncIterator<Printed>): Promise<{ pid: number; rest: Printed[] }> {
  const errors: Printed[] = [];
  let text: Buffer = Buffer.alloc(0);
  let size = 0;
  while (!text.includes('\n')) {
    const next = await printed.next();
    size += next.done ? 0 : next.value.text.length;
    if (size > startMax) throw new UserError('unsupported', 'The shell of this image (/bin/sh) does not do as one.');
    if (next.done) throw new TransientError(`A command was not started: ${text}`);
    if (next.value.stream === 'stderr') errors.push(next.value);
    else text = Buffer.concat([text, next.value.text]);
  }
  const end = text.indexOf('\n');
  const pid = Number(text.subarray(0, end).toString().trim());
  if (!Number.isInteger(pid)) throw new Error(`Not a process id: ${text}`);
  return { pid, rest: [...errors, { stream: 'stdout', text: text.subarray(end + 1) }] };
}

/** The output may be closed before the command has ended. */
async function exitCode(exec: Docker.Exec, isGone: () => boolean): Promise<number> {
  for (let waitMs = 5; !isGone(); waitMs = Math.min(waitMs * 2, 500)) {
    const info = await exec.inspect().catch((error: unknown) => {
      if (statusOf(error) === 404) throw new TransientError('The container went away.', { cause: error });
      throw error;
    });
    if (!info.Running) return info.ExitCode ?? 137;
    await sleep(waitMs);
  }
  throw new TransientError('The terminal was closed.');
}
