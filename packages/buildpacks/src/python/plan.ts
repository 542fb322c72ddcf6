import type { BerthYaml } from '@berth/domain/berth-yaml';
import type { BuildCommand, BuildPlan } from '../build-plan.js';
import { ownCommand } from '../own-command.js';
import { planProcesses } from '../plan-processes.js';
import type { SourceView } from '../source-view.js';
import { dependencyNames } from './dependency-names.js';
import { type PackageManager, pickPackageManager } from './package-manager.js';
import { environment, planDependencies } from './plan-dependencies.js';
import { pythonWish } from './python-wish.js';
import { type Pyproject, readPyproject } from './read-pyproject.js';
import { managePath, startCommand } from './start-command.js';

/** Raised when the same source would give another dependencies layer: part of its key. */
const version = '1';

/** Decides everything about the build of a Python app; pure. */
export function planPython(view: SourceView, settings: BerthYaml): BuildPlan {
  const pyproject = readPyproject(view.texts['pyproject.toml']);
  const manager = pickPackageManager(view);
  const names = dependencyNames(view, manager, pyproject);
  const dependencies = planDependencies(view, manager, pyproject);
  return {
    buildpack: { name: 'python', version },
    runtime: { name: 'python', ...pythonWish(view, settings, pyproject) },
    tools: [],
    dependencies,
    build: [
      ...projectCommands(view, manager, pyproject),
      ...hookCommands(view, 'pre_compile'),
      ...(settings.buildCommand === undefined ? collectCommands(view, names) : [ownCommand(settings.buildCommand)]),
      ...hookCommands(view, 'post_compile'),
    ],
    leaveOut: ['**/__pycache__'], // of modules that ran in the build: their times are not those of the image
    caches: settings.caches,
    processes: planProcesses(view, settings, startCommand(view, names)),
    healthcheck: settings.healthcheck,
    // As at Heroku: our router is the only one that speaks to the app, and says who asked for what.
    env: { PYTHONPATH: '/app', FORWARDED_ALLOW_IPS: '*', GUNICORN_CMD_ARGS: '--access-logfile -' },
    warnings: warnings(view, manager, pyproject),
  };
}

/** An app that is a package itself (src layout, commands of its own) is installed like one, once its source is there. */
function projectCommands(
  { paths }: SourceView,
  { kind }: PackageManager,
  pyproject: Pyproject | undefined,
): BuildCommand[] {
  if (kind !== 'uv' && kind !== 'poetry' && kind !== 'pyproject') return [];
  const isDynamic = kind === 'pyproject' && pyproject?.project?.dynamic.includes('dependencies');
  if (isDynamic || !pyproject?.['build-system']) return [];
  const { poetry, uv } = pyproject.tool ?? {};
  const name = (pyproject.project?.name ?? poetry?.name ?? '').replace(/[-.]+/g, '_').toLowerCase();
  const hasFolder = paths.some((path) => path.startsWith(`${name}/`) || path.startsWith(`src/${name}/`));
  const isPackage = uv?.package ?? poetry?.['package-mode'] ?? true;
  if (!isPackage || !(hasFolder || poetry?.packages || pyproject.project?.scripts)) return [];
  return [{ title: 'Installing the app itself', argv: ['python-install', 'project'], env: {} }];
}

/** Heroku's hooks: programs in bin/. */
function hookCommands({ paths }: SourceView, name: string): BuildCommand[] {
  if (!paths.includes(`bin/${name}`)) return [];
  const argv = ['sh', '-c', `chmod +x bin/${name} && bin/${name}`] as const;
  return [{ title: `Running bin/${name}`, argv, env: {} }];
}

function collectCommands(view: SourceView, names: ReadonlySet<string>): BuildCommand[] {
  const manage = managePath(view);
  if (manage === undefined || !names.has('django')) return [];
  const shown = `python ${manage} collectstatic --noinput`;
  return [{ title: `Collecting static files (${shown})`, shown, argv: ['django-collectstatic', manage], env: {} }];
}

function warnings({ paths }: SourceView, manager: PackageManager, pyproject: Pyproject | undefined): string[] {
  const { kind, lockfile, ignored } = manager;
  const lock = kind === 'pipenv' ? 'Pipfile.lock' : 'a lockfile (uv lock)';
  return [
    ...(lockfile === undefined && (kind === 'pipenv' || pyproject?.project?.dependencies?.length)
      ? [`There is no lockfile: each build may get other versions. Commit ${lock}.`]
      : []),
    ...(ignored.length > 0 ? [`${lockfile} says what is installed; ${ignored.join(', ')} is not looked at.`] : []),
    ...(paths.some((path) => path.startsWith(`${environment}/`))
      ? [`${environment} is in the repository; it is left out and made anew. Put it into .gitignore.`]
      : []),
  ];
}
