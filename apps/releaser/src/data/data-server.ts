import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError } from '@berth/domain/errors';
import type { Secret } from '@berth/domain/secret';
import pg from 'pg';

/** The PostgreSQL server of apps' databases; its own, never the platform's. */
export interface DataServer {
  /** Host name, or directory of the server's socket. */
  host: string;
  port: number;
  /** Superuser. */
  user: string;
  password: Secret;
  /** Where pg_dump and pg_restore of its version are, as PATH. */
  toolPath: string;
  /** Pipe on which the server's container waits for the first database that anyone wants; undefined: it always runs. */
  wakePath?: string | undefined;
}

/** Whom to sign in as, and where; the server's superuser when no user is given. */
export interface Place {
  database: string;
  user?: string;
  password?: string;
  /** A statement without an answer after that many ms is an error (pg's name for it). */
  query_timeout?: number;
}

/** The server makes its cluster at its first start, ms. */
const startsWithinMs = 60_000;

/**
 * Runs `body` on one connection of its own. A server that does not answer is woken and waited for, then it is a TransientError.
 * @param patienceMs 0: it is neither
 */
export async function onServer<T>(
  server: DataServer,
  place: Place,
  body: (client: pg.Client) => Promise<T>,
  patienceMs = startsWithinMs,
): Promise<T> {
  const client = await connect(server, place, patienceMs);
  try {
    return await body(client);
  } finally {
    await client.end().catch(() => {});
  }
}

async function connect(server: DataServer, place: Place, patienceMs: number): Promise<pg.Client> {
  const { host, port, user, password } = server;
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const own = { user, password: password.reveal() };
    const client = new pg.Client({ host, port, ...own, ...place, connectionTimeoutMillis: 5_000 });
    client.on('error', () => {}); // a connection that breaks is told by its query
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      if (!isNotUp(error)) throw error;
      if (Date.now() >= deadline) throw new TransientError(`the data server does not answer: ${error}`);
      if (server.wakePath) await wake(server.wakePath);
      await sleep(300);
    }
  }
}

/** Nobody listens, or the server is just starting or stopping (SQLSTATE 57P03 cannot_connect_now, 57P01 admin_shutdown). */
const isNotUp = (error: unknown) =>
  ['ECONNREFUSED', 'ENOENT', 'ECONNRESET', '57P03', '57P01'].includes((error as { code?: string }).code ?? '');

/** Without a reader nobody waits there: the container is not up yet, or runs the server already. */
async function wake(path: string): Promise<void> {
  const pipe = await open(path, constants.O_WRONLY | constants.O_NONBLOCK).catch(unlessNobodyReads);
  await pipe?.write('\n').finally(() => pipe.close());
}

function unlessNobodyReads(error: unknown): undefined {
  if (!['ENOENT', 'ENXIO'].includes((error as { code?: string }).code ?? '')) throw error;
}
