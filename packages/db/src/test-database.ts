import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';

const root = fileURLToPath(new URL('../../../', import.meta.url));

async function withAdmin<T>(adminUrl: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

const urlOf = (adminUrl: string, database: string) =>
  Object.assign(new URL(adminUrl), { pathname: `/${database}` }).href;

/** All migrations' text in one hash: what a template must have been made of. */
async function hashMigrations(): Promise<string> {
  const hash = createHash('sha256');
  const folder = join(root, 'prisma/migrations');
  for (const name of (await readdir(folder)).sort())
    hash.update(await readFile(join(folder, name, 'migration.sql')).catch(() => ''));
  return hash.digest('hex');
}

/**
 * Migrates a template database (2 s), unless it is there and of the same migrations; the clones of
 * {@link createTestDatabase} take 50 ms each. Several test files may ask at once: a lock lets one of them do it.
 */
export async function prepareTemplate(adminUrl: string, template = 'berth_template'): Promise<void> {
  const wanted = await hashMigrations();
  await withAdmin(adminUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [template]); // ends with the connection
    const { rows } = await client.query<{ hash: string | null }>(
      `SELECT shobj_description(oid, 'pg_database') AS hash FROM pg_database WHERE datname = $1`,
      [template],
    );
    if (rows[0]?.hash === wanted) return;
    await client.query(`DROP DATABASE IF EXISTS "${template}" WITH (FORCE)`);
    await promisify(execFile)('npm', ['run', '-s', 'db:deploy'], {
      cwd: root,
      env: { ...process.env, DATABASE_URL: urlOf(adminUrl, template) },
    });
    await client.query(`COMMENT ON DATABASE "${template}" IS '${wanted}'`);
  });
}

/** A migrated, empty database of its own for one test file; `drop` removes it. */
export async function createTestDatabase(adminUrl: string, template = 'berth_template') {
  const name = `berth_test_${randomBytes(6).toString('hex')}`;
  await withAdmin(adminUrl, (client) => client.query(`CREATE DATABASE "${name}" TEMPLATE "${template}"`));
  return {
    url: urlOf(adminUrl, name),
    drop: () =>
      withAdmin(adminUrl, (client) => client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)).then(() => {}),
  };
}
