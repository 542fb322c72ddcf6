import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@berth/daemon/logger';
import type { Stoppable } from '@berth/daemon/run';
import { findAttached } from '@berth/platform/one-offs/find-attached';
import type { Platform } from '@berth/platform/platform';

/** Longest first line, bytes: more than any secret has. */
const lineMax = 200;
/** For the first line; a stranger's connection does not stay. */
const lineMs = 10_000;
/** Heroku's CLI throws away the first chunk and starts its stdin then: it has to come alone. */
const greeting = 'rendezvous\r\n';
const aloneMs = 100;
/** How long somebody who has come waits for the command to be taken up, ms. */
const waitMs = 120_000;

/** Who came to be the input and output of a one-off. */
export interface Visitors extends Stoppable {
  /** The connection of whoever came for it, paused and greeted, as soon as there is one; undefined: nobody within `withinMs`. */
  take: (oneOffId: string, withinMs: number, signal: AbortSignal) => Promise<Socket | undefined>;
}

/**
 * The other end of `heroku run`: Heroku's rendezvous protocol, behind the router, which has taken off the TLS. The first line is
 * the secret of an attached one-off that waits; whoever says another one is not answered.
 */
export async function listenForVisitors(
  { platform, logger }: { platform: Platform; logger: Logger },
  port: number,
): Promise<Visitors> {
  const waiting = new Map<string, Socket>();
  const askers = new Map<string, (socket: Socket) => void>();
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy());
    socket.setNoDelay(true);
    welcome(platform, socket)
      .then((id) => {
        if (id === undefined) return void socket.destroy();
        const ask = askers.get(id);
        if (ask) ask(socket);
        else keepWaiting(waiting, id, socket);
      })
      .catch((error: unknown) => {
        logger.warn({ err: error }, 'visitor');
        socket.destroy();
      });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, resolve));
  return {
    take: async (id, withinMs, signal) => {
      const there = waiting.get(id);
      waiting.delete(id);
      const socket = there ?? (await untilAsked(askers, id, withinMs, signal));
      socket?.write(greeting);
      if (socket) await sleep(aloneMs);
      return socket;
    },
    stop: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The next that comes for it. */
function untilAsked(
  askers: Map<string, (socket: Socket) => void>,
  id: string,
  withinMs: number,
  signal: AbortSignal,
): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const end = (socket?: Socket) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
      askers.delete(id);
      resolve(socket);
    };
    const leave = () => end();
    const timer = setTimeout(leave, withinMs);
    askers.set(id, end);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave);
  });
}

function keepWaiting(waiting: Map<string, Socket>, id: string, socket: Socket): void {
  waiting.get(id)?.destroy();
  waiting.set(id, socket);
  const timer = setTimeout(() => {
    if (waiting.get(id) !== socket) return;
    waiting.delete(id);
    socket.destroy();
  }, waitMs);
  socket.on('close', () => {
    clearTimeout(timer);
    if (waiting.get(id) === socket) waiting.delete(id);
  });
}

/** Reads the first line; what has come behind it stays to be read. Undefined: not a secret of ours. */
async function welcome(platform: Platform, socket: Socket): Promise<string | undefined> {
  const line = await readLine(socket);
  return line === undefined ? undefined : await findAttached(platform, { secret: line });
}

function readLine(socket: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    let read: Buffer = Buffer.alloc(0);
    const end = (line?: string) => {
      clearTimeout(timer);
      socket.off('data', take).off('close', leave).pause();
      resolve(line);
    };
    const take = (chunk: Buffer) => {
      read = Buffer.concat([read, chunk]);
      const at = read.indexOf('\n');
      if (at < 0 && read.length <= lineMax) return;
      if (at < 0 || at > lineMax) return end();
      end(read.subarray(0, at).toString().trimEnd());
      if (at + 1 < read.length) socket.unshift(read.subarray(at + 1));
    };
    const leave = () => end();
    const timer = setTimeout(leave, lineMs);
    socket.on('data', take).on('close', leave);
  });
}
