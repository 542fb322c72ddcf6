import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** What nobody has used for this long goes, ms. */
const unusedMs = 14 * 24 * 3_600_000;

/** Marks files as used, and removes what else lies in `directory` and was not used for two weeks. */
export async function pruneUnused(directory: string, used: Iterable<string>): Promise<void> {
  const now = new Date();
  for (const path of used) await utimes(path, now, now).catch(() => {}); // another process may prune too
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const found = await stat(path).catch(() => undefined);
    if (found && now.getTime() - found.mtimeMs > unusedMs) await rm(path, { recursive: true, force: true });
  }
}
