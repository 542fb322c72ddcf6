import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pruneUnused } from './prune-unused.js';

test('packages that nobody has used for two weeks go; those in use stay, however old', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'berth-prune-'));
  try {
    const long = new Date(Date.now() - 15 * 24 * 3_600_000);
    for (const name of ['used', 'unused', 'new']) await writeFile(join(directory, name), '');
    for (const name of ['used', 'unused']) await utimes(join(directory, name), long, long);
    await pruneUnused(directory, [join(directory, 'used')]);
    expect((await readdir(directory)).sort()).toEqual(['new', 'used']);
  } finally {
    await rm(directory, { recursive: true });
  }
});
