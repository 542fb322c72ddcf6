import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { root } from './settings.mjs';

/**
 * Brings the database to the schema of prisma/migrations; `prisma migrate deploy` runs only when one is missing.
 * @type {import('./run-steps.mjs').Step}
 */
export const migrate = {
  name: 'database schema',
  mend: 'A migration that failed half way is repaired with: npm run prisma -- migrate resolve (docs/runbook.md).',
  run: async ({ found, log }) => {
    const wanted = readdirSync(join(root, 'prisma/migrations'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    const applied = await appliedMigrations(found.urls.database);
    if (wanted.every(({ name }) => applied.has(name))) return 'up to date';
    await run(['npm', 'run', '-s', 'db:deploy'], {
      cwd: root,
      env: { DATABASE_URL: found.urls.database },
      onOutput: log,
    });
  },
};

/**
 * @param {string} url
 * @returns {Promise<Set<string>>}
 */
async function appliedMigrations(url) {
  const { default: pg } = await import('pg'); // not there yet when this file is loaded
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    const { rows } = await client.query('SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL');
    return new Set(rows.map((row) => row.migration_name));
  } catch (error) {
    if (isMissing(error)) return new Set();
    throw error;
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * The database or the table is not there yet: invalid_catalog_name, undefined_table.
 * @param {unknown} error
 */
const isMissing = (error) =>
  error instanceof Error && 'code' in error && ['3D000', '42P01'].includes(String(error.code));
