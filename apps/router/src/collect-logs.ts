import { rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Logger } from '@berth/daemon/logger';
import type { Stoppable } from '@berth/daemon/run';
import type { LogLine } from '@berth/logs/line';
import { parseRequestLine, type RequestLine } from '@berth/router/request-line';
import { routerLine } from '@berth/router/router-line';
import type { AppIndex } from './app-index.js';

/** Appends lines of one app to its log. */
export type Append = (appId: string, lines: LogLine[]) => Promise<void>;

/** ms between two writes. */
const batchMs = 100;
/** Lines that wait for a log that does not answer; more are dropped, and counted. */
const waitingMax = 20_000;
const reportEachMs = 60_000;

/**
 * Reads HAProxy's log lines from a unix socket and appends them, batched, to the apps' logs. HAProxy keeps 4 MiB of them in
 * its ring while nobody listens here, and connects again by itself.
 */
export async function collectLogs(options: {
  socketPath: string;
  apps: AppIndex;
  append: Append;
  /** Told of each request, also of those to nobody. */
  onLine?: (request: RequestLine) => void;
  /** Told of each request of an app. */
  onRequest?: (appId: string, request: RequestLine) => void;
  logger: Logger;
}): Promise<Stoppable> {
  const { socketPath, apps, append, logger } = options;
  const waiting = new Map<string, LogLine[]>();
  const sockets = new Set<Socket>();
  let waitingCount = 0;
  let dropped = 0;

  const take = (text: string) => {
    const request = parseRequestLine(text);
    if (!request) return logger.debug({ text }, 'HAProxy');
    options.onLine?.(request);
    const appId = apps.appOf(request);
    if (!appId) return; // an unknown host or caller is nobody's
    options.onRequest?.(appId, request);
    if (waitingCount >= waitingMax) dropped++;
    else {
      waitingCount++;
      const lines = waiting.get(appId) ?? [];
      lines.push(lineOf(apps, request));
      waiting.set(appId, lines);
    }
  };

  const flush = async () => {
    for (const [appId, lines] of waiting) {
      waiting.delete(appId);
      waitingCount -= lines.length;
      await append(appId, lines).catch(() => {
        dropped += lines.length;
      });
    }
  };

  await rm(socketPath, { force: true }); // of a controller that was killed
  const server = createServer((socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy()));
    createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY }).on('line', take);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socketPath, resolve));
  const flushing = repeat(batchMs, flush);
  const reporting = repeat(reportEachMs, async () => {
    if (dropped > 0) logger.warn({ lines: dropped }, 'router lines dropped');
    dropped = 0;
  });
  return {
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all([flushing(), reporting()]);
      await flush();
    },
  };
}

function lineOf(apps: AppIndex, request: RequestLine): LogLine {
  const context = { dyno: apps.nameOf(request.server), hasInstances: apps.hasInstances(request.backend) };
  return {
    at: request.t + Math.max(0, request.total),
    source: 'berth',
    process: 'router',
    text: routerLine(request, context),
  };
}

/** Runs `body` again and again, never twice at once. The returned function ends it after the current run. */
function repeat(everyMs: number, body: () => Promise<void>): () => Promise<void> {
  let isEnded = false;
  let timer: NodeJS.Timeout | undefined;
  let wake = () => {};
  const running = (async () => {
    while (!isEnded) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        timer = setTimeout(resolve, everyMs);
      });
      if (!isEnded) await body();
    }
  })();
  return async () => {
    isEnded = true;
    clearTimeout(timer);
    wake();
    await running;
  };
}
