import { randomBytes } from 'node:crypto';
import { type Argv, runPiped } from '@berth/daemon/spawn';
import { UserError } from '@berth/domain/errors';
import pg from 'pg';
import { type DataServer, onServer } from './data-server.js';
import { dropRoles } from './drop-database.js';

const { escapeIdentifier: name } = pg;

/** The longest that a masking script may take, ms. */
const maskTimeoutMs = 3_600_000;

/**
 * Copies all that one database holds into another, empty one while the first goes on: pg_dump sees one moment of it and locks
 * out nothing but changes of its tables' shape. Both ends and the masking script run as a role of this copy alone, a
 * member of both owners and no superuser: what is in a dump is somebody else's code.
 */
export async function copyData(
  server: DataServer,
  copy: { from: string; to: string; maskScript: string | null },
  signal: AbortSignal,
): Promise<void> {
  const { from, to, maskScript } = copy;
  const role = { user: `c_${to.slice(2)}`, password: randomBytes(24).toString('base64url') };
  await asAdmin(server, 'postgres', async (admin) => {
    await dropRoles(admin, [role.user]); // of an earlier try
    const { escapeLiteral } = pg;
    await admin.query(`CREATE ROLE ${name(role.user)} LOGIN PASSWORD ${escapeLiteral(role.password)}`);
    await admin.query(`GRANT ${name(from)}, ${name(to)} TO ${name(role.user)}`);
  });
  await runPiped(dumpArgv(server, role.user, from), restoreArgv(server, role.user, to), {
    env: { PATH: server.toolPath, PGPASSWORD: role.password },
    signal,
  });
  await asAdmin(server, 'postgres', (admin) => admin.query(`REVOKE ${name(from)} FROM ${name(role.user)}`));
  if (maskScript !== null) await mask(server, { database: to, ...role }, maskScript, signal);
  await asAdmin(server, to, async (admin) => {
    await admin.query(`REASSIGN OWNED BY ${name(role.user)} TO ${name(to)}`);
    await admin.query(`DROP OWNED BY ${name(role.user)}`);
    await dropRoles(admin, [role.user]);
  });
}

const asAdmin = <T>(server: DataServer, database: string, body: (admin: pg.Client) => Promise<T>) =>
  onServer(server, { database }, body);

const dumpArgv = (server: DataServer, user: string, database: string): Argv => [
  'pg_dump',
  ...signIn(server, user, database),
  ...['--format=custom', '--no-owner', '--no-privileges', '--compress=0'],
];

const restoreArgv = (server: DataServer, user: string, database: string): Argv => [
  'pg_restore',
  ...signIn(server, user, database),
  ...['--no-owner', '--no-privileges', '--exit-on-error'],
];

/** The owner of a database has its name. */
const signIn = ({ host, port }: DataServer, user: string, database: string) => [
  ...[`--host=${host}`, `--port=${port}`, `--username=${user}`, '--no-password'],
  ...[`--dbname=${database}`, `--role=${database}`],
];

/**
 * In one transaction: all of it or nothing, and nobody has seen the rows before. A script may lift its own limits, so that the
 * server's superuser ends it when its time or ours is over.
 */
async function mask(
  server: DataServer,
  place: { database: string; user: string; password: string },
  script: string,
  signal: AbortSignal,
): Promise<void> {
  const timeUp = AbortSignal.timeout(maskTimeoutMs);
  await onServer(server, place, async (client) => {
    await client.query(`SET role = ${name(place.database)}`);
    await client.query(`SET statement_timeout = ${maskTimeoutMs}`); // should this process be killed meanwhile
    try {
      await queryUntil(AbortSignal.any([signal, timeUp]), { server, client }, `BEGIN; ${script}\n; COMMIT`);
    } catch (error) {
      signal.throwIfAborted();
      if (timeUp.aborted)
        throw new UserError('add_on_failed', 'Its masking script failed: it took more than an hour.', { cause: error });
      if (!(error instanceof pg.DatabaseError)) throw error;
      throw new UserError('add_on_failed', `Its masking script failed: ${error.message}.`, { cause: error });
    }
  });
}

/** Runs statements on a connection whose backend is ended when `stop` is aborted. */
async function queryUntil(
  stop: AbortSignal,
  { server, client }: { server: DataServer; client: pg.Client },
  statements: string,
): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  stop.throwIfAborted();
  let terminate = () => {};
  const terminated = new Promise<never>((_resolve, reject) => {
    terminate = () =>
      void asAdmin(server, 'postgres', (admin) => admin.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])).then(
        () => reject(stop.reason),
        reject,
      );
  });
  stop.addEventListener('abort', terminate, { once: true });
  try {
    await Promise.race([client.query(statements), terminated]);
  } finally {
    stop.removeEventListener('abort', terminate);
  }
}
