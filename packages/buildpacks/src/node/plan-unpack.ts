import { z } from 'zod';
import type { SourceView } from '../source-view.js';
import type { Manifest } from './manifest.js';
import type { PackageManager } from './package-manager.js';

/** One package of a lockfile that only has to be unpacked. */
export interface UnpackPackage {
  /** Below the app's directory: `node_modules/a/node_modules/b`. */
  path: string;
  name: string;
  version: string;
  /** sha512 of the tarball. */
  integrity: string;
}

/** A tree of dependencies as data: no command of anybody has to run for it. */
export interface UnpackPlan {
  packages: readonly UnpackPackage[];
  /** Commands of packages: symlinks in `.bin`. */
  links: readonly { path: string; target: string }[];
}

const range = z.record(z.string(), z.string()).optional();
const entry = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
  dev: z.boolean().optional(),
  optional: z.boolean().optional(),
  devOptional: z.boolean().optional(),
  inBundle: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
  bin: z.record(z.string(), z.string()).optional(),
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
  libc: z.union([z.string().transform((one) => [one]), z.array(z.string())]).optional(),
  dependencies: range,
  devDependencies: range,
  optionalDependencies: range,
});
type Entry = z.infer<typeof entry>;
const lockfile = z.object({
  lockfileVersion: z.union([z.literal(2), z.literal(3)]),
  packages: z.record(z.string(), entry),
});

/** More packages than this are better spread over a disk of the jail's. */
const packagesMax = 1_500;

/**
 * The tree that `npm ci` would make, with dev dependencies or without, when the lockfile says all of it: every package from the registry with
 * its integrity, none with an install script. Undefined for anything unusual: then npm itself does it.
 */
export function planUnpack(
  view: SourceView,
  manifest: Manifest,
  manager: PackageManager,
  options: { withDev: boolean },
): UnpackPlan | undefined {
  if (manager.kind !== 'npm' || !manager.lockfile || manifest.workspaces || view.texts['.npmrc'] !== undefined)
    return undefined;
  const parsed = lockfile.safeParse(parseJson(view.texts[manager.lockfile]));
  if (!parsed.success) return undefined;
  const { '': root, ...entries } = parsed.data.packages;
  if (!root || !isInSync(root, manifest)) return undefined;
  const packages: UnpackPackage[] = [];
  const links: { path: string; target: string }[] = [];
  for (const [path, one] of Object.entries(entries)) {
    if (!modulesPath.test(path)) return undefined; // a workspace, or one that leads outside
    if ((one.dev && !options.withDev) || (isOptional(one) && !isForThisPlatform(one))) continue;
    if (!one.inBundle) {
      const found = packageOf(path, one);
      if (!found) return undefined;
      packages.push(found);
    }
    links.push(...linksOf(path, one));
  }
  return packages.length > packagesMax ? undefined : { packages, links };
}

/** `node_modules/a/node_modules/@s/b`, without a part that begins with a dot. */
const modulesPath = /^node_modules\/(@[^/.][^/]*\/)?[^/@.][^/]*(\/node_modules\/(@[^/.][^/]*\/)?[^/@.][^/]*)*$/;

const isOptional = (one: Entry) => one.optional === true || one.devOptional === true;

function packageOf(path: string, one: Entry): UnpackPackage | undefined {
  const { version, integrity } = one;
  const name = one.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const isPlain =
    /^(@[a-z0-9~][\w.~-]*\/)?[a-z0-9~][\w.~-]*$/i.test(name) &&
    version !== undefined &&
    /^\d+\.\d+\.\d+[\w.+-]*$/.test(version) &&
    isFromRegistry(one.resolved, name) &&
    isForThisPlatform(one);
  if (!isPlain || one.link || one.hasInstallScript || !integrity?.startsWith('sha512-')) return undefined;
  return { path, name, version, integrity };
}

/** By its path only: the content is what the integrity says, wherever it comes from. */
function isFromRegistry(resolved: string | undefined, name: string): boolean {
  return resolved === undefined || (/^https?:/.test(resolved) && resolved.includes(`/${name}/-/`));
}

/** npm's rule for `os`, `cpu` and `libc`: a list of what is fine, or of what is not (`!win32`). */
function isForThisPlatform({ os, cpu, libc }: Entry): boolean {
  const allows = (list: string[] | undefined, mine: string) =>
    !list ||
    list.length === 0 ||
    (list.some((one) => one.startsWith('!'))
      ? !list.includes(`!${mine}`)
      : list.includes(mine) || list.includes('any'));
  return allows(os, 'linux') && allows(cpu, 'x64') && allows(libc, 'glibc');
}

function linksOf(path: string, { bin }: Entry): { path: string; target: string }[] {
  const at = path.lastIndexOf('node_modules/') + 'node_modules/'.length;
  const [modules, inside] = [path.slice(0, at), path.slice(at)];
  return Object.entries(bin ?? {}).flatMap(([command, file]) => {
    const parts = file.split('/').filter((part) => part !== '' && part !== '.');
    if (command.includes('/') || command.startsWith('.') || parts.includes('..')) return [];
    return [{ path: `${modules}.bin/${command}`, target: `../${inside}/${parts.join('/')}` }];
  });
}

/** What npm ci checks first: the lockfile was made from this manifest. */
function isInSync(root: Entry, manifest: Manifest): boolean {
  const text = (ranges: Record<string, string> | undefined) =>
    JSON.stringify(Object.entries(ranges ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
  return (
    text(root.dependencies) === text(manifest.dependencies) &&
    text(root.devDependencies) === text(manifest.devDependencies) &&
    text(root.optionalDependencies) === text(manifest.optionalDependencies)
  );
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
