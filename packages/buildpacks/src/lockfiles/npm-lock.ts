import { z } from 'zod';
import { type LockedPackage, listOf, type PackageList, splitName } from './locked-package.js';

const entry = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  link: z.boolean().optional(),
  dev: z.boolean().optional(),
});
/** Version 1 (npm 6): a tree by name. */
interface OldEntry {
  version?: string | undefined;
  dev?: boolean | undefined;
  dependencies?: Record<string, OldEntry> | undefined;
}
const oldEntry: z.ZodType<OldEntry> = z.object({
  version: z.string().optional(),
  dev: z.boolean().optional(),
  dependencies: z.lazy(() => z.record(z.string(), oldEntry)).optional(),
});
const lockfile = z.object({
  packages: z.record(z.string(), entry).optional(),
  dependencies: z.record(z.string(), oldEntry).optional(),
});

/** package-lock.json and npm-shrinkwrap.json, versions 1 to 3; without dev dependencies, which no image has. */
export function parseNpmLock(text: string): PackageList {
  const { packages, dependencies } = lockfile.parse(JSON.parse(text));
  if (!packages) return listOf(fromTree(dependencies ?? {}));
  return listOf(
    Object.entries(packages).flatMap(([path, { name, version, link, dev }]) => {
      const at = path.lastIndexOf('node_modules/');
      if (at < 0 || link || dev || !version) return []; // without node_modules: the app itself or a workspace of it
      return [npmPackage(name ?? path.slice(at + 'node_modules/'.length), version)];
    }),
  );
}

function fromTree(tree: Record<string, OldEntry>): LockedPackage[] {
  return Object.entries(tree).flatMap(([name, { version, dev, dependencies }]) => [
    ...(version && !dev && /^\d/.test(version) ? [npmPackage(name, version)] : []),
    ...fromTree(dependencies ?? {}),
  ]);
}

export const npmPackage = (name: string, version: string): LockedPackage => ({
  type: 'npm',
  ...splitName(name),
  version,
});
