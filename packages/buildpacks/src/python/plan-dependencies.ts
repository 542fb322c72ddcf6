import type { BuildCommand, DependenciesPlan } from '../build-plan.js';
import type { SourceView } from '../source-view.js';
import type { PackageManager } from './package-manager.js';
import type { Pyproject } from './read-pyproject.js';
import { readRequirements } from './read-requirements.js';

/** The app's environment: made at its final place, since its scripts name it. */
export const environment = '.venv';

/** undefined: the app has no packages. */
export function planDependencies(
  view: SourceView,
  manager: PackageManager,
  pyproject: Pyproject | undefined,
): DependenciesPlan | undefined {
  const planned = planFiles(view, manager, pyproject);
  if (!planned) return undefined;
  const { files, notSharedBecause, install } = planned;
  return {
    files: files?.map((path) => ({ path })),
    ...(notSharedBecause === undefined ? {} : { notSharedBecause }),
    configNames: configNames(view, pyproject),
    trees: [environment],
    installAll: install,
    installProduction: install,
    prune: undefined,
  };
}

interface PlannedFiles {
  files: string[] | undefined;
  notSharedBecause: string | undefined;
  install: BuildCommand;
}

function planFiles(
  view: SourceView,
  manager: PackageManager,
  pyproject: Pyproject | undefined,
): PlannedFiles | undefined {
  const { texts, paths } = view;
  const present = (...wanted: string[]) => wanted.filter((path) => paths.includes(path));
  const of = (wanted: string[], reason: string | undefined, install: BuildCommand): PlannedFiles => ({
    files: reason === undefined ? present(...wanted) : undefined,
    notSharedBecause: reason,
    install,
  });
  switch (manager.kind) {
    case 'uv':
      return of(['pyproject.toml', 'uv.lock', 'uv.toml'], localOfUv(texts['uv.lock'] ?? ''), install('uv', 'uv sync'));
    case 'poetry': {
      const isLocal = /^type = "(directory|file)"$/m.test(texts['poetry.lock'] ?? '');
      const reason = isLocal ? 'poetry.lock names a package inside the repository' : undefined;
      return of(['pyproject.toml', 'poetry.lock', 'poetry.toml'], reason, install('poetry', 'poetry install'));
    }
    case 'pipenv': {
      if (!manager.lockfile) return of([], 'there is no lockfile', install('pipenv-lock', 'pipenv install'));
      const isLocal = /"(path|file)":\s*"(?!https?:)/.test(texts['Pipfile.lock'] ?? '');
      const reason = isLocal ? 'Pipfile.lock names a package inside the repository' : undefined;
      return of(['Pipfile', 'Pipfile.lock'], reason, install('pipenv', 'pipenv sync'));
    }
    case 'requirements':
      return manager.lockfile === undefined ? undefined : planRequirements(texts, manager.lockfile);
    case 'pyproject': {
      const { dependencies, dynamic } = pyproject?.project ?? {};
      const isDynamic = dynamic?.includes('dependencies') ?? false;
      if (!isDynamic && !dependencies?.length) return undefined;
      const command = isDynamic ? 'package' : 'pyproject';
      return of([], 'there is no lockfile', install(command, 'pip install .'));
    }
    case 'setup':
      return of([], 'there is no lockfile', install('package', 'pip install .'));
  }
}

function planRequirements(texts: Readonly<Record<string, string>>, path: string): PlannedFiles | undefined {
  const { files, needsSource, needsPip, names } = readRequirements(path, texts);
  const isEmpty =
    names.length === 0 && needsSource === undefined && !needsPip && !/\S/.test(withoutComments(texts[path]));
  if (isEmpty) return undefined;
  const command = needsPip ? 'requirements-pip' : 'requirements';
  return {
    files: needsSource === undefined ? files : undefined,
    notSharedBecause: needsSource,
    install: install(command, `pip install -r ${path}`, path),
  };
}

const withoutComments = (text = '') => text.replace(/(^|\s)#.*$/gm, '');

/** `shown` is what people would type; `python-install` is a command of the build image. */
function install(command: string, shown: string, ...more: string[]): BuildCommand {
  return {
    title: `Installing dependencies (${shown})`,
    shown,
    argv: ['python-install', command, ...more],
    env: {},
  };
}

/** A member of a workspace or a folder that uv.lock names, other than the app itself. */
function localOfUv(lock: string): string | undefined {
  const matches = lock.matchAll(/^source = \{ (?:editable|directory|virtual|path) = "([^"]+)"/gm);
  const local = [...matches].map((match) => match[1]!).find((path) => path !== '.');
  return local === undefined ? undefined : `uv.lock names ${local}, which is in the repository`;
}

/** Settings in which `${NAME}` stands for a config var. */
const settingsFiles =
  /(^|\/)(requirements[^/]*\.txt|[^/]*requirements\.txt|constraints[^/]*\.txt|Pipfile|uv\.toml|poetry\.toml|pyproject\.toml)$/;

/** Config vars that name an index or a password for one: in the files, and those that pip, uv and Poetry read themselves. */
function configNames({ texts }: SourceView, pyproject: Pyproject | undefined): string[] {
  const named = Object.entries(texts)
    .filter(([path]) => settingsFiles.test(path))
    .flatMap(([, text]) => [...text.matchAll(/\$\{([A-Z_][A-Z0-9_]*)\}/g)].map((match) => match[1]!));
  const ofIndex = (prefix: string, name: string | undefined) => {
    const upper = name?.toUpperCase().replace(/[^A-Z0-9]/g, '_');
    return upper ? [`${prefix}_${upper}_USERNAME`, `${prefix}_${upper}_PASSWORD`] : [];
  };
  return [
    ...new Set([
      ...['PIP_INDEX_URL', 'PIP_EXTRA_INDEX_URL', 'UV_DEFAULT_INDEX', 'UV_INDEX'],
      ...named,
      ...(pyproject?.tool?.poetry?.source ?? []).flatMap(({ name }) => ofIndex('POETRY_HTTP_BASIC', name)),
      ...(pyproject?.tool?.uv?.index ?? []).flatMap(({ name }) => ofIndex('UV_INDEX', name)),
    ]),
  ].sort();
}
