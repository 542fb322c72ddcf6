import { z } from 'zod';
import { listOf, type PackageList, splitName } from './locked-package.js';

const lockfile = z.object({ packages: z.array(z.object({ name: z.string(), version: z.string() })) });

/** composer.lock, without `packages-dev`. */
export function parseComposerLock(text: string): PackageList {
  const { packages } = lockfile.parse(JSON.parse(text));
  return listOf(
    packages.map(({ name, version }) => ({
      type: 'composer' as const,
      ...splitName(name),
      version: version.replace(/^v/, ''),
    })),
  );
}
