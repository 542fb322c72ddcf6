import { parse } from 'yaml';
import { z } from 'zod';
import { listOf, type PackageList } from './locked-package.js';
import { npmPackage } from './npm-lock.js';

/** Versions 6 and 9 write `{ specifier, version }`, 5 the version alone. */
const direct = z.record(
  z.string(),
  z.union([z.string(), z.object({ version: z.string() }).transform((of) => of.version)]),
);
const importer = z.object({ dependencies: direct.optional(), optionalDependencies: direct.optional() });
const node = z
  .object({
    dependencies: z.record(z.string(), z.string()).optional(),
    optionalDependencies: z.record(z.string(), z.string()).optional(),
  })
  .nullish();
const lockfile = importer.extend({
  importers: z.record(z.string(), importer).optional(),
  packages: z.record(z.string(), node).optional(),
  snapshots: z.record(z.string(), node).optional(),
});

/** pnpm-lock.yaml, versions 5 to 9: what the production dependencies of its importers lead to. */
export function parsePnpmLock(text: string): PackageList {
  const lock = lockfile.parse(parse(text) ?? {});
  const nodes = lock.snapshots ?? lock.packages ?? {};
  const keys = new Map(Object.keys(nodes).map((key) => [withoutSlash(key), key]));
  const seen = new Set<string>();
  const visit = (name: string, version: string) => {
    // `name@version(peers)`, or an alias or a path that is a key by itself.
    const key = [`${name}@${version}`, `${name}/${version}`, withoutSlash(version)].find((one) => keys.has(one));
    if (key === undefined || seen.has(key)) return;
    seen.add(key);
    const { dependencies, optionalDependencies } = nodes[keys.get(key)!] ?? {};
    for (const [one, at] of Object.entries({ ...dependencies, ...optionalDependencies })) visit(one, at);
  };
  for (const { dependencies, optionalDependencies } of Object.values(lock.importers ?? { '.': lock }))
    for (const [name, version] of Object.entries({ ...dependencies, ...optionalDependencies })) visit(name, version);
  return listOf([...seen].flatMap((key) => toPackage(key) ?? []));
}

const withoutSlash = (key: string) => key.replace(/^\//, '');

/** `@scope/name@1.2.3(peer@1)`, and before version 6 `@scope/name/1.2.3_peer@1`. */
function toPackage(key: string) {
  const match = /^(@[^/]+\/[^@/]+|[^@/]+)[@/](\d[^(_]*)/.exec(key);
  return match ? npmPackage(match[1]!, match[2]!) : undefined;
}
