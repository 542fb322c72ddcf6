import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createTestDatabase, prepareTemplate } from '@berth/db/test-database';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

it('migrations make what the schema says: else a query asks for a column that no installation has', async () => {
  const adminUrl = process.env.TEST_DATABASE_URL;
  if (!adminUrl) throw new Error('TEST_DATABASE_URL must name the real part that this test runs on');
  await prepareTemplate(adminUrl, 'berth_template_platform');
  const database = await createTestDatabase(adminUrl, 'berth_template_platform');
  try {
    const diff = ['migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema.prisma', '--script'];
    const { stdout } = await promisify(execFile)('npm', ['run', '-s', 'prisma', '--', ...diff], {
      cwd: root,
      env: { ...process.env, DATABASE_URL: database.url },
    });
    expect(stdout.trim()).toBe('-- This is an empty migration.');
  } finally {
    await database.drop();
  }
}, 120_000);
