import type { ProvisionWork } from '@berth/platform/add-ons/start-provision';
import pg from 'pg';
import { copyData } from './copy-data.js';
import { type DataServer, onServer } from './data-server.js';
import { dropDatabase } from './drop-database.js';

const { escapeIdentifier: name, escapeLiteral: text } = pg;
const adminDatabase = 'postgres';

/**
 * One database for one add-on: a role that owns all in it and cannot sign in, and one that signs in and acts as the owner, so that
 * another password is another role (rotation) and who owns what never changes. It may sign in when all is there, data and
 * masking included. Every step can be run again after a kill.
 */
export async function makeDatabase(server: DataServer, work: ProvisionWork, signal: AbortSignal): Promise<void> {
  const { database, copyOf } = work;
  await onServer(server, { database: adminDatabase }, async (admin) => {
    await closeSharedDatabases(admin);
    await makeOwner(admin, database);
    await makeUser(admin, work);
    if (copyOf) await dropDatabase(admin, database); // half of an earlier try; nobody could sign in
    await createDatabase(admin, work);
  });
  if (copyOf) await copyData(server, { from: copyOf, to: database, maskScript: work.maskScript }, signal);
  await onServer(server, { database: adminDatabase }, (admin) => openUser(admin, work));
}

/** What every role could sign in to, were it not closed. */
async function closeSharedDatabases(admin: pg.Client): Promise<void> {
  for (const database of ['postgres', 'template1'])
    await admin.query(`REVOKE ALL ON DATABASE ${name(database)} FROM PUBLIC`);
}

async function makeOwner(admin: pg.Client, owner: string): Promise<void> {
  if (!(await hasRole(admin, owner))) await admin.query(`CREATE ROLE ${name(owner)} NOLOGIN`);
}

/** A role that may not sign in yet, within the plan's limits; what it makes belongs to the owner. */
export async function makeUser(
  admin: pg.Client,
  { database, user, plan }: Pick<ProvisionWork, 'database' | 'user' | 'plan'>,
): Promise<void> {
  const role = name(user);
  if (!(await hasRole(admin, user))) await admin.query(`CREATE ROLE ${role} NOLOGIN IN ROLE ${name(database)}`);
  await admin.query(`ALTER ROLE ${role} CONNECTION LIMIT ${plan.connectionsMax}`);
  await admin.query(`ALTER ROLE ${role} SET role = ${text(database)}`);
  await admin.query(`ALTER ROLE ${role} SET statement_timeout = ${plan.statementTimeoutMs}`);
  await admin.query(`ALTER ROLE ${role} SET temp_file_limit = ${text(`${plan.temporaryMiB}MB`)}`);
}

/** From here on the address in the config vars works. */
export async function openUser(
  admin: pg.Client,
  { user, password }: { user: string; password: string },
): Promise<void> {
  await admin.query(`ALTER ROLE ${name(user)} LOGIN PASSWORD ${text(password)}`);
}

async function createDatabase(admin: pg.Client, { database, plan }: ProvisionWork): Promise<void> {
  const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  if (!rowCount)
    await admin.query(`CREATE DATABASE ${name(database)} OWNER ${name(database)} TEMPLATE template0 ENCODING 'UTF8'`);
  await admin.query(`REVOKE ALL ON DATABASE ${name(database)} FROM PUBLIC`);
  // Of both roles while a password is rotated.
  await admin.query(`ALTER DATABASE ${name(database)} CONNECTION LIMIT ${2 * plan.connectionsMax}`);
}

async function hasRole(admin: pg.Client, role: string): Promise<boolean> {
  const { rowCount } = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  return Boolean(rowCount);
}
