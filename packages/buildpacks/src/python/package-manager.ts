import type { SourceView } from '../source-view.js';

/** How an app's packages are installed. */
export interface PackageManager {
  kind: 'uv' | 'poetry' | 'pipenv' | 'requirements' | 'pyproject' | 'setup';
  /** The file that says exactly what is installed; a requirements file counts as one. undefined: there is none. */
  lockfile: string | undefined;
  /** Files of other package managers that are not looked at. */
  ignored: string[];
}

/** The lockfile decides; the strictest first, since the others are often written from it for other tools. */
const signs: readonly { file: string; kind: PackageManager['kind']; isLock: boolean }[] = [
  { file: 'uv.lock', kind: 'uv', isLock: true },
  { file: 'poetry.lock', kind: 'poetry', isLock: true },
  { file: 'Pipfile.lock', kind: 'pipenv', isLock: true },
  { file: 'requirements.txt', kind: 'requirements', isLock: true },
  { file: 'Pipfile', kind: 'pipenv', isLock: false },
  { file: 'pyproject.toml', kind: 'pyproject', isLock: false },
  { file: 'setup.py', kind: 'setup', isLock: false },
];

/** Files of which one makes an app a Python app. */
export const pythonFiles = signs.map(({ file }) => file);

export function pickPackageManager({ paths }: SourceView): PackageManager {
  const found = signs.filter(({ file }) => paths.includes(file));
  const [first] = found;
  if (!first) return { kind: 'requirements', lockfile: undefined, ignored: [] };
  const ignored = found.filter(({ kind, isLock }) => isLock && kind !== first.kind).map(({ file }) => file);
  return { kind: first.kind, lockfile: first.isLock ? first.file : undefined, ignored };
}
