import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Stoppable } from '@berth/daemon/run';
import { publicError, UserError } from '@berth/domain/errors';
import type { ShellRequest } from '@berth/domain/shell-port';
import type { Terminal } from '@berth/engine/interface';
import { type AllowedShell, redeemShell } from '@berth/platform/shells/redeem-shell';
import { noteShell } from '@berth/platform/shells/shell-note';
import { z } from 'zod';
import type { SleepKeeper } from '../sleep/sleep-keeper.js';
import { wakeApp } from '../sleep/wake-app.js';
import { watchRight } from '../watch-right.js';

/** How long the other end may take to read why its shell was ended, ms. */
const goodbyeMs = 1_000;

const size = z.coerce.number().int().min(0).max(10_000);
const wanted = z.object({
  command: z.string().max(30_000).optional(),
  tty: z.boolean(),
  env: z.record(z.string().regex(/^[A-Z_]+$/), z.string().max(1_000)),
  columns: size,
  lines: size,
}) satisfies z.ZodType<ShellRequest>;

/** Opens shells for our other processes (domain/shell-port): who has a ticket was allowed one. One connection is one shell. */
export async function serveShells(keeper: SleepKeeper, port: number): Promise<Stoppable & { port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)));
  });
  server.on('session', (session) => {
    session.on('error', () => session.destroy());
    serveOne(keeper, session);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    stop: async () => {
      for (const socket of sockets) socket.destroy(); // ends their commands
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serveOne(keeper: SleepKeeper, session: ServerHttp2Session): void {
  let opening: Promise<Terminal> | undefined;
  const answer = async (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    const { pathname, searchParams } = new URL(headers[':path'] ?? '/', 'http://shell');
    if (pathname === '/shell') opening ??= openShell(keeper, session, headers);
    const terminal = await opening;
    if (!terminal) throw new UserError('bad_request', 'First POST /shell.');
    if (pathname === '/shell') {
      stream.respond({ ':status': 200 });
      stream.pipe(terminal.stream).pipe(stream);
    } else if (pathname === '/stderr') {
      stream.respond({ ':status': 200 });
      terminal.stderr.pipe(stream);
    } else if (pathname === '/size') {
      await terminal.resize(size.parse(searchParams.get('columns')), size.parse(searchParams.get('lines')));
      stream.respond({ ':status': 204 }, { endStream: true });
    } else {
      respond(stream, 200, { exitCode: await terminal.exit });
    }
  };
  session.on('stream', (stream, headers) => {
    stream.on('error', () => {}); // its session closes, and that ends the shell
    answer(stream, headers).catch((error: unknown) => {
      if (stream.closed || stream.destroyed || session.destroyed) return;
      const id = `err_${randomUUID()}`;
      if (!(error instanceof UserError)) keeper.logger.error({ err: error, id }, 'shell');
      if (stream.headersSent) stream.close();
      else respond(stream, 400, publicError(error, id));
    });
  });
}

function respond(stream: ServerHttp2Stream, status: number, body: object): void {
  stream.respond({ ':status': status, 'content-type': 'application/json' });
  stream.end(JSON.stringify(body));
}

/** Checks the ticket, wakes the app, and keeps it awake until the connection closes. */
async function openShell(
  keeper: SleepKeeper,
  session: ServerHttp2Session,
  headers: IncomingHttpHeaders,
): Promise<Terminal> {
  const { platform, engine } = keeper;
  const request = wanted.parse(JSON.parse(String(headers['berth-shell'])));
  const allowed = await redeemShell(platform, { ticket: headers.authorization ?? '' });
  const letGo = await claimShell(keeper, allowed);
  try {
    await wakeApp(keeper, allowed.appId, true);
    const { containerId, oneOffId: oneOffKey } = await allowed.find();
    const terminal = await engine.openTerminal({ ...request, containerId, oneOffKey });
    let endAs: (error: UserError) => void = () => {};
    const ended = new Promise<never>((_, reject) => {
      endAs = reject;
    });
    const exit = Promise.race([ended, terminal.exit]);
    exit.catch(() => {}); // who awaits it hears of it
    const stopWatch = watchRight(allowed.check, (sentence) => {
      endAs(new UserError('forbidden', `Your shell was ended, since you may not have it any more. ${sentence}`));
      terminal.stream.destroy();
      setTimeout(() => session.destroy(), goodbyeMs);
    });
    const close = () => {
      stopWatch();
      letGo();
      terminal.stream.destroy();
    };
    if (session.destroyed) close();
    else session.on('close', close);
    return { ...terminal, exit };
  } catch (error) {
    letGo();
    throw error;
  }
}

/** Counts a shell, here and for all other processes; the answer takes it back. */
async function claimShell(
  { platform, shells }: SleepKeeper,
  { appId, teamId, userId }: AllowedShell,
): Promise<() => void> {
  const uncount = shells.add({ teamId, userId });
  try {
    const endNote = await noteShell(platform, { appId });
    return () => {
      endNote();
      uncount();
    };
  } catch (error) {
    uncount();
    throw error;
  }
}
