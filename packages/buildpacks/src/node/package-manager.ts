import { UserError } from '@berth/domain/errors';
import type { SourceView } from '../source-view.js';
import type { Manifest } from './manifest.js';

/** How an app's dependencies are installed. */
export interface PackageManager {
  kind: 'npm' | 'pnpm' | 'yarn1' | 'yarn2' | 'bun';
  tool: { name: 'npm' | 'pnpm' | 'yarn' | 'bun'; version: string | undefined };
  /** undefined: the app has none. */
  lockfile: string | undefined;
}

/** Which package manager writes what. */
export const lockfiles = {
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
} as const;

/** yarn 2 and later for an app that does not say which. */
const yarn2Version = '4.10.3';

/** The lockfile says which package manager; without one the field `packageManager`, else npm. */
export function pickPackageManager(view: SourceView, manifest: Manifest): PackageManager {
  const found = (Object.keys(lockfiles) as (keyof typeof lockfiles)[]).filter((path) => view.paths.includes(path));
  const names = new Set(found.map((path) => lockfiles[path]));
  const [, fieldName, fieldVersion] = /^(npm|pnpm|yarn|bun)@(\d+\.\d+\.\d+)/.exec(manifest.packageManager ?? '') ?? [];
  if (names.size > 1 && !names.has(fieldName as 'npm'))
    throw new UserError(
      'bad_request',
      `There are lockfiles of more than one package manager: ${found.join(', ')}. Keep one of them.`,
    );
  const name = (names.size === 1 ? [...names][0] : fieldName) ?? 'npm';
  const lockfile = found.find((path) => lockfiles[path] === name);
  const version = fieldName === name ? fieldVersion : undefined;
  if (name === 'npm') return { kind: 'npm', tool: { name, version: undefined }, lockfile };
  if (name === 'bun') return { kind: 'bun', tool: { name, version }, lockfile };
  if (name === 'pnpm') return { kind: 'pnpm', tool: { name, version: version ?? pnpmFor(view) }, lockfile };
  const isYarn2 = version ? !version.startsWith('1.') : isYarn2Lockfile(view);
  if (!isYarn2) return { kind: 'yarn1', tool: { name: 'yarn', version }, lockfile };
  return { kind: 'yarn2', tool: { name: 'yarn', version: version ?? yarn2Version }, lockfile };
}

const isYarn2Lockfile = (view: SourceView) =>
  view.texts['.yarnrc.yml'] !== undefined || /^__metadata:/m.test(view.texts['yarn.lock'] ?? '');

/** pnpm reads only lockfiles of its own time; undefined is our default, which reads 9.0. */
function pnpmFor(view: SourceView): string | undefined {
  const format = /^lockfileVersion:\s*'?(\d+)/m.exec(view.texts['pnpm-lock.yaml'] ?? '')?.[1];
  if (format === '6') return '8.15.9';
  if (format === '5') return '7.33.7';
  return undefined;
}
