import { parse } from 'smol-toml';
import { z } from 'zod';
import { listOf, type PackageList } from './locked-package.js';

const lockfile = z.object({
  package: z.array(z.object({ name: z.string(), version: z.string(), source: z.string().optional() })).optional(),
});

/** Cargo.lock; crates without a source are the app's own. */
export function parseCargoLock(text: string): PackageList {
  const { package: packages = [] } = lockfile.parse(parse(text));
  return listOf(
    packages
      .filter(({ source }) => source !== undefined)
      .map(({ name, version }) => ({ type: 'cargo' as const, name, version })),
  );
}
