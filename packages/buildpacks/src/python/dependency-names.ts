import { parsePipfileLock, parsePythonLock } from '../lockfiles/python-locks.js';
import type { SourceView } from '../source-view.js';
import type { PackageManager } from './package-manager.js';
import { type Pyproject, readToml } from './read-pyproject.js';
import { normaliseName, type Requirements, readRequirements } from './read-requirements.js';

/** Extras that bring a server with them. */
const serversOfExtras: Readonly<Record<string, string>> = { 'fastapi[standard]': 'uvicorn', 'fastapi[all]': 'uvicorn' };

/**
 * Names of the packages that an app will have, as far as its files say: all of them with a lockfile, otherwise those that it
 * names itself. Lockfiles that cannot be read count as empty: the package manager says what is wrong with them.
 */
export function dependencyNames(
  view: SourceView,
  manager: PackageManager,
  pyproject: Pyproject | undefined,
): ReadonlySet<string> {
  return new Set(withServers(namesOf(view, manager, pyproject)));
}

function namesOf(
  { texts }: SourceView,
  { kind, lockfile }: PackageManager,
  pyproject: Pyproject | undefined,
): Requirements {
  const none: Requirements = { files: [], names: [], extras: {}, needsSource: undefined, needsPip: false };
  const named = (names: readonly string[]): Requirements => ({ ...none, names: names.map(normaliseName) });
  try {
    if (kind === 'requirements' && lockfile) return readRequirements(lockfile, texts);
    if (kind === 'uv' || kind === 'poetry')
      return named(parsePythonLock(texts[lockfile!] ?? '').packages.map(({ name }) => name));
    if (lockfile === 'Pipfile.lock')
      return named(parsePipfileLock(texts[lockfile] ?? '').packages.map(({ name }) => name));
    if (kind === 'pipenv')
      return named(Object.keys((readToml('Pipfile', texts.Pipfile ?? '').packages as object) ?? {}));
  } catch {
    return none;
  }
  const lines = pyproject?.project?.dependencies ?? [];
  return readRequirements('pyproject.toml', { 'pyproject.toml': lines.join('\n') });
}

function withServers({ names, extras }: Requirements): string[] {
  const servers = Object.entries(extras).flatMap(([name, all]) =>
    all.flatMap((extra) => serversOfExtras[`${name}[${extra}]`] ?? []),
  );
  return [...names, ...servers];
}
