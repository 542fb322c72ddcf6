import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresPlan, parsePlan } from '@berth/domain/add-on-plans';
import { Secret } from '@berth/domain/secret';
import pg from 'pg';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { needed } from '../../../packages/daemon/test/needed.js';
import { type DataServer, onServer } from '../src/data/data-server.js';
import { dropDatabase, dropRoles } from '../src/data/drop-database.js';
import { makeDatabase } from '../src/data/make-database.js';

/** The platform image's pg_dump and pg_restore, which are of the server's version; the releaser runs in that image. */
const tools = mkdtempSync(join(tmpdir(), 'berth-data-'));
for (const tool of ['pg_dump', 'pg_restore']) {
  const argv = `docker run --rm -i --network host -e PGPASSWORD --entrypoint ${tool} ${needed('BERTH_PLATFORM_IMAGE')}`;
  writeFileSync(join(tools, tool), `#!/bin/sh\nexec ${argv} "$@"\n`, { mode: 0o755 });
}
process.env.PATH = `${tools}:${process.env.PATH}`;
afterAll(() => rmSync(tools, { recursive: true }));

const url = new URL(needed('TEST_DATABASE_URL'));
const server: DataServer = {
  host: url.hostname,
  port: Number(url.port || 5432),
  user: decodeURIComponent(url.username),
  password: new Secret(decodeURIComponent(url.password)),
  toolPath: `${tools}:${process.env.PATH}`,
};
const never = new AbortController().signal;

describe('databases of add-ons', () => {
  const made: { database: string; user: string }[] = [];
  afterEach(async () => {
    await onServer(server, { database: 'postgres' }, async (admin) => {
      for (const { database, user } of made.splice(0)) {
        await dropDatabase(admin, database);
        await dropRoles(admin, [user, `c_${database.slice(2)}`, database]);
      }
    });
  });

  const newWork = () => {
    const word = `t${randomBytes(6).toString('hex')}`;
    const work = {
      ...{ addOnId: word, database: `d_${word}`, user: `u_${word}_1`, password: randomBytes(9).toString('base64url') },
      ...{
        plan: parsePlan('heroku-postgresql').plan as PostgresPlan,
        copyOf: null as string | null,
        maskScript: null as string | null,
      },
    };
    made.push(work);
    return work;
  };
  type Work = ReturnType<typeof newWork>;
  const as = (work: Work, database = work.database) => ({ database, user: work.user, password: work.password });
  const ask = (work: Work, sql: string) =>
    onServer(server, as(work), async (client) => (await client.query(sql)).rows as Record<string, unknown>[]);

  it('belong to one role each: its own is its own, any other is closed', async () => {
    const [one, other] = [newWork(), newWork()];
    for (const work of [one, other]) await makeDatabase(server, work, never);
    await ask(one, 'CREATE TABLE t (id int); INSERT INTO t VALUES (1)');
    await makeDatabase(server, one, never); // a second run after a kill changes nothing
    expect(await ask(one, 'SELECT id FROM t')).toEqual([{ id: 1 }]);
    expect(await ask(one, 'SELECT current_user, session_user')).toEqual([
      { current_user: one.database, session_user: one.user },
    ]);
    for (const database of [other.database, 'postgres', 'template1'])
      await expect(onServer(server, as(one, database), async () => {})).rejects.toThrow(
        'permission denied for database',
      );
    await expect(ask(one, `COPY t FROM PROGRAM 'id'`)).rejects.toThrow('permission denied');
    await expect(ask(one, `SET ROLE ${pg.escapeIdentifier(other.database)}`)).rejects.toThrow('permission denied');
  });

  it('hold their plan’s limits: connections, statement time', async () => {
    const work = newWork();
    work.plan = { ...work.plan, connectionsMax: 2, statementTimeoutMs: 100 };
    await makeDatabase(server, work, never);
    await expect(ask(work, 'SELECT pg_sleep(5)')).rejects.toThrow('statement timeout');
    await onServer(server, as(work), () =>
      onServer(server, as(work), async () => {
        await expect(ask(work, 'SELECT 1')).rejects.toThrow('too many connections');
      }),
    );
  });

  it('are dropped with who is connected, and dropping again is fine', async () => {
    const work = newWork();
    await makeDatabase(server, work, never);
    await onServer(server, as(work), (client) =>
      onServer(server, { database: 'postgres' }, async (admin) => {
        for (let twice = 0; twice < 2; twice += 1) {
          await dropDatabase(admin, work.database);
          await dropRoles(admin, [work.user, work.database]);
        }
        await expect(client.query('SELECT 1')).rejects.toThrow();
        const { rows } = await admin.query('SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)', [
          [work.user, work.database],
        ]);
        expect(rows).toEqual([]);
      }),
    );
  });

  it('are copied and masked before anyone can sign in, while the first goes on', async () => {
    const base = newWork();
    await makeDatabase(server, base, never);
    await ask(base, 'CREATE EXTENSION citext; CREATE TABLE people (id serial PRIMARY KEY, email citext)');
    await ask(base, "INSERT INTO people (email) SELECT 'p' || n || '@example.org' FROM generate_series(1, 1000) n");
    const copy = {
      ...newWork(),
      copyOf: base.database,
      maskScript: "UPDATE people SET email = 'p' || id || '@invalid'",
    };
    await onServer(server, as(base), async (client) => {
      await client.query("BEGIN; UPDATE people SET email = 'open' WHERE id = 1"); // not committed: not in the copy
      await makeDatabase(server, copy, never);
      await client.query('COMMIT');
    });
    const masked =
      "SELECT count(*)::int AS n, count(*) FILTER (WHERE email LIKE '%@invalid')::int AS masked FROM people";
    expect(await ask(copy, masked)).toEqual([{ n: 1000, masked: 1000 }]);
    expect(await ask(base, masked)).toEqual([{ n: 1000, masked: 0 }]);
    await ask(copy, "INSERT INTO people (email) VALUES ('new'); DROP TABLE people"); // it owns all of it
    const helpers = await onServer(server, { database: 'postgres' }, async (admin) =>
      admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [`c_${copy.database.slice(2)}`]),
    );
    expect(helpers.rowCount).toBe(0);
  });

  it('whose masking fails are nobody’s to sign in to; the sentence is the script’s', async () => {
    const base = newWork();
    await makeDatabase(server, base, never);
    const copy = { ...newWork(), copyOf: base.database, maskScript: 'UPDATE nothing SET x = 1' };
    await expect(makeDatabase(server, copy, never)).rejects.toThrow(
      'Its masking script failed: relation "nothing" does not exist.',
    );
    await expect(ask(copy, 'SELECT 1')).rejects.toThrow('password authentication failed');
    await makeDatabase(server, { ...copy, maskScript: null }, never); // the next try starts over
    expect(await ask(copy, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('of a script that lifts its limits and never ends are given up when the job is stopped', async () => {
    const base = newWork();
    await makeDatabase(server, base, never);
    const maskScript = 'SET statement_timeout = 0; SELECT pg_sleep(1e9)';
    const copy = { ...newWork(), copyOf: base.database, maskScript };
    const job = new AbortController();
    const made = makeDatabase(server, copy, job.signal);
    const sleepers = () =>
      onServer(server, { database: 'postgres' }, async (admin) => {
        const sql = "SELECT 1 FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'PgSleep'";
        return (await admin.query(sql, [copy.database])).rowCount;
      });
    const stopped = expect(made).rejects.toBe('stopped');
    await expect.poll(sleepers).toBe(1);
    job.abort('stopped');
    await stopped;
    await expect.poll(sleepers).toBe(0);
  });

  it('of a script that resets its role keep what is not theirs closed', async () => {
    const [base, other] = [newWork(), newWork()];
    for (const work of [base, other]) await makeDatabase(server, work, never);
    const copy = { ...newWork(), copyOf: base.database };
    const maskScript = `RESET ROLE; SET ROLE ${pg.escapeIdentifier(base.database)}`;
    await expect(makeDatabase(server, { ...copy, maskScript }, never)).rejects.toThrow('permission denied to set role');
    const superuser = { ...copy, maskScript: 'RESET ROLE; CREATE ROLE evil SUPERUSER' };
    await expect(makeDatabase(server, superuser, never)).rejects.toThrow('permission denied to create role');
  });
});
