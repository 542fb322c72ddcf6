/**
 * The PostgreSQL side of prisma-schema-engine.mjs: connections as the engine expects them (one per adapter, whole
 * scripts, its own search_path), creation of databases, the shadow database of `migrate dev`.
 */
import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, DriverAdapterError } from '@prisma/driver-adapter-utils';
import pg from 'pg';

/** The connection URL of `database` on the server of `url`, in the form node-postgres expects. */
export function pgUrl(url, database) {
  const parsed = new URL(url);
  if (database) parsed.pathname = `/${encodeURIComponent(database)}`;
  for (const key of ['schema', 'connection_limit', 'pool_timeout', 'pgbouncer', 'sslaccept']) {
    parsed.searchParams.delete(key);
  }
  return parsed.href;
}
export const databaseOf = (url) => decodeURIComponent(new URL(url).pathname.slice(1)) || 'postgres';
export const schemaOf = (url) => new URL(url).searchParams.get('schema') ?? 'public';
const ident = (name) => `"${name.replaceAll('"', '""')}"`;

export async function withClient(url, use) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end().catch(() => {});
  }
}

export async function createDatabase(url) {
  const databaseName = databaseOf(url);
  await withClient(pgUrl(url, 'postgres'), (c) => c.query(`CREATE DATABASE ${ident(databaseName)}`));
  return { databaseName };
}

/** A failed script, reported with Postgres' own message, SQLSTATE and line. */
function scriptError(error, script) {
  const { code, severity, message, detail, column, hint, position } = error;
  if (!severity) return error; // not from Postgres
  const line = position && script.slice(0, position - 1).split('\n').length;
  const where = line ? ` (SQLSTATE ${code}, line ${line})` : ` (SQLSTATE ${code})`;
  // Under its own SQLSTATE the engine would replace the message by a terser one.
  return new DriverAdapterError({
    kind: 'postgres',
    code: 'XX000',
    severity,
    message: message + where,
    detail,
    column,
    hint,
  });
}

/** One connection, so that the engine's advisory lock and search_path hold for all it does. */
export async function connectAdapter(url, schema) {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: 5000,
    onConnect: (client) => client.query(`SET search_path = ${ident(schema)}`),
  });
  const adapter = await new PrismaPg(pool, { schema, disposeExternalPool: true }).connect();
  // adapter-pg splits scripts at every `;`, which breaks function bodies and string literals.
  // Postgres takes a whole script in one simple query, which is also what the native engine sends.
  adapter.executeScript = async (script) => {
    try {
      await pool.query(script);
    } catch (error) {
      throw scriptError(error, script);
    }
  };
  // adapter-pg does not know the one-byte "char" type (oid 18) of Postgres' own catalog tables.
  const { queryRaw } = adapter;
  adapter.queryRaw = async (query) => {
    const charColumns = [];
    const performIO = async (q) => {
      const result = await adapter.performIO(q);
      result.fields.forEach((field, i) => {
        if (field.dataTypeID !== 18) return;
        field.dataTypeID = pg.types.builtins.TEXT;
        charColumns.push(i);
      });
      return result;
    };
    const result = await queryRaw.call({ performIO }, query);
    for (const i of charColumns) result.columnTypes[i] = ColumnTypeEnum.Character;
    return result;
  };
  return adapter;
}

export async function connectShadow(mainUrl, shadowDatabaseUrl) {
  const schema = schemaOf(mainUrl);
  if (shadowDatabaseUrl) {
    const target = pgUrl(shadowDatabaseUrl);
    if (new URL(target).host === new URL(mainUrl).host && databaseOf(target) === databaseOf(mainUrl)) {
      throw new Error('shadowDatabaseUrl must not be the main database: the shadow database is emptied.');
    }
    await withClient(target, (c) =>
      c.query(`DO $$ DECLARE s text; BEGIN
        FOR s IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
        LOOP EXECUTE format('DROP SCHEMA %I CASCADE', s); END LOOP; END $$;
        CREATE SCHEMA IF NOT EXISTS ${ident(schema)}`),
    );
    return connectAdapter(target, schema);
  }
  const name = `prisma_migrate_shadow_db_${randomUUID()}`;
  const admin = pgUrl(mainUrl);
  await withClient(admin, (c) => c.query(`CREATE DATABASE ${ident(name)}`));
  const shadow = pgUrl(mainUrl, name);
  if (schema !== 'public') await withClient(shadow, (c) => c.query(`CREATE SCHEMA ${ident(schema)}`));
  const adapter = await connectAdapter(shadow, schema);
  const closePool = adapter.dispose.bind(adapter);
  adapter.dispose = async () => {
    await closePool();
    await withClient(admin, (c) => c.query(`DROP DATABASE IF EXISTS ${ident(name)} WITH (FORCE)`));
  };
  return adapter;
}
