import { createServer, type Server } from 'node:http';
import type { Logger } from './logger.js';

/** A part of a process that can be stopped. */
export interface Stoppable {
  stop: () => Promise<void>;
}

/**
 * Runs a process until SIGTERM or SIGINT: then stops its parts in reverse order, 25 s at the most.
 * An error that nobody caught ends the process with 1: compose starts it again in a known state.
 */
export async function runDaemon(logger: Logger, start: () => Promise<Stoppable[]>): Promise<void> {
  let isStopping = false;
  let parts: Stoppable[] = [];
  const stop = async (code: number) => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(code || 1), 25_000).unref();
    for (const part of [...parts].reverse()) await part.stop().catch((error) => logger.error({ err: error }, 'stop'));
    process.exit(code);
  };
  process.on('SIGTERM', () => void stop(0)).on('SIGINT', () => void stop(0));
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'uncaught');
    void stop(1);
  });
  process.on('unhandledRejection', (error) => {
    logger.fatal({ err: error }, 'unhandled');
    void stop(1);
  });
  try {
    parts = await start();
    logger.info('ready');
  } catch (error) {
    logger.fatal({ err: error }, 'start');
    await stop(1);
  }
}

/** `GET /health` on a port of the platform network: 200 when `check` passes, else 503 with its words. */
export function serveHealth(port: number, check: () => Promise<void>): Promise<Stoppable> {
  const server: Server = createServer((_request, response) => {
    check().then(
      () => response.writeHead(200).end('ok\n'),
      (error: unknown) => response.writeHead(503).end(`${String(error)}\n`),
    );
  });
  return new Promise((resolve) =>
    server.listen(port, () => resolve({ stop: () => new Promise((done) => server.close(() => done())) })),
  );
}
