import { parse } from 'yaml';
import { z } from 'zod';
import { listOf, type PackageList } from './locked-package.js';
import { npmPackage } from './npm-lock.js';

interface Entry {
  name: string;
  version: string;
  /** Name and range of each. */
  needs: [string, string][];
}

const manifest = z.object({
  dependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});

/**
 * yarn.lock of either kind. It does not say what is a dev dependency: with the package.json beside it, what that one's
 * production dependencies lead to, otherwise all.
 */
export function parseYarnLock(text: string, packageJson: string | undefined): PackageList {
  const entries = /^__metadata:/m.test(text) ? berryEntries(text) : classicEntries(text);
  const all = new Set(entries.values());
  if (packageJson === undefined) return listOf([...all].map(({ name, version }) => npmPackage(name, version)));
  const seen = new Set<Entry>();
  let isComplete = true;
  const visit = (name: string, range: string) => {
    const entry = entries.get(`${name}@${range}`) ?? entries.get(`${name}@npm:${range}`);
    if (!entry) isComplete = false;
    if (!entry || seen.has(entry)) return;
    seen.add(entry);
    for (const [need, at] of entry.needs) visit(need, at);
  };
  const { dependencies, optionalDependencies } = manifest.parse(JSON.parse(packageJson));
  for (const [name, range] of Object.entries({ ...dependencies, ...optionalDependencies })) visit(name, range);
  return listOf(
    [...seen].map(({ name, version }) => npmPackage(name, version)),
    isComplete,
  );
}

const berryLock = z.record(
  z.string(),
  z.object({
    version: z.union([z.string(), z.number()]).optional(),
    resolution: z.string().optional(),
    dependencies: z.record(z.string(), z.string()).optional(),
  }),
);

/** By each of `name@npm:range`. */
function berryEntries(text: string): Map<string, Entry> {
  const { __metadata: _, ...lock } = berryLock.parse(parse(text));
  return new Map(
    Object.entries(lock).flatMap(([keys, { version, resolution, dependencies }]) => {
      const at = /^((?:@[^/]+\/)?[^@]+)@npm:/.exec(resolution ?? '');
      if (!at || version === undefined) return [];
      const entry = { name: at[1]!, version: String(version), needs: Object.entries(dependencies ?? {}) };
      return keys.split(/,\s*/).map((key) => [key, entry] as const);
    }),
  );
}

/** By each of `name@range`. Blocks of lines: keys at the margin, fields two deep, dependencies four deep. */
function classicEntries(text: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  let keys: string[] = [];
  let entry: Entry | undefined;
  let isInDependencies = false;
  for (const line of text.split('\n')) {
    if (/^\S.*:$/.test(line) && !line.startsWith('#')) {
      keys = line.slice(0, -1).split(/,\s*/).map(unquote);
      entry = { name: /^(@?[^@]+)@/.exec(keys[0] ?? '')?.[1] ?? '', version: '', needs: [] };
      for (const key of keys) entries.set(key, entry);
    }
    const field = /^ {2}(\S+)(?: (.*))?$/.exec(line);
    if (field) isInDependencies = /^(optionalD|d)ependencies:$/.test(field[1]!);
    if (field?.[1] === 'version' && entry) entry.version = unquote(field[2] ?? '');
    const need = /^ {4}("[^"]+"|\S+) (.+)$/.exec(line);
    if (need && isInDependencies && entry) entry.needs.push([unquote(need[1]!), unquote(need[2]!)]);
  }
  return entries;
}

const unquote = (text: string) => text.trim().replace(/^"(.*)"$/, '$1');
