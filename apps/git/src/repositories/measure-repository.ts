import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitRepository } from './open-repository.js';

/** Bytes and number of the repository's packs; everything is received as a pack (receive.unpackLimit). */
export async function measureRepository(repository: GitRepository): Promise<{ bytes: number; packs: number }> {
  const dir = join(repository.dir, 'objects', 'pack');
  const names = (await readdir(dir)).filter((name) => name.endsWith('.pack'));
  const sizes = await Promise.all(
    // A pack may be gone meanwhile: garbage collection put it into another one.
    names.map((name) =>
      stat(join(dir, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), packs: names.length };
}
