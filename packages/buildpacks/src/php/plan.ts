import type { BerthYaml } from '@berth/domain/berth-yaml';
import type { BuildCommand, BuildPlan } from '../build-plan.js';
import { planAssets } from '../node/plan-assets.js';
import { ownCommand } from '../own-command.js';
import { planProcesses } from '../plan-processes.js';
import type { SourceView } from '../source-view.js';
import { checkExtensions } from './check-extensions.js';
import { type ComposerManifest, readComposerJson, readComposerLock } from './manifest.js';
import { isVendored, planDependencies } from './plan-dependencies.js';
import { startCommand, withOurCommands } from './start-command.js';

/** Raised when the same source would give another dependencies layer: part of its key. */
const version = '1';

/** Decides everything about the build of a PHP app; pure. */
export function planPhp(view: SourceView, settings: BerthYaml): BuildPlan {
  const manifest = readComposerJson(view);
  checkExtensions(manifest, readComposerLock(view));
  const dependencies = planDependencies(view, manifest);
  const assets = planAssets(view);
  return {
    buildpack: { name: 'php', version },
    runtime: { name: 'php', ...phpWish(settings, manifest) },
    tools: assets?.build ? assets.tools : [],
    dependencies,
    build: [...buildCommands(view, settings, manifest), ...(assets?.build ? [assets.install, assets.build] : [])],
    leaveOut: assets?.leaveOut ?? [],
    caches: settings.caches,
    processes: withOurCommands(planProcesses(view, settings, startCommand(view))),
    healthcheck: settings.healthcheck,
    env: frameworkEnv(view, manifest),
    warnings: warningsOf(view, manifest, dependencies !== undefined),
  };
}

function phpWish(settings: BerthYaml, { require }: ComposerManifest) {
  if (settings.runtime?.version !== undefined) return { wish: settings.runtime.version, wishFrom: 'berth.yaml' };
  return { wish: require.php, wishFrom: require.php === undefined ? undefined : 'composer.json' };
}

/** The autoloader with the app's own scripts, then berth.yaml's command or, as at Heroku, the script `compile`. */
function buildCommands(view: SourceView, settings: BerthYaml, manifest: ComposerManifest): BuildCommand[] {
  const { require, autoload, scripts } = manifest;
  const hasPackages = Object.keys(require).some((name) => name.includes('/'));
  const needsComposer = hasPackages || Object.keys({ ...autoload, ...scripts }).length > 0;
  const composer: BuildCommand = {
    title: 'Writing the autoloader (composer install)',
    argv: ['composer', 'install', '--no-dev', '--optimize-autoloader', '--prefer-dist', '--no-progress'],
    env: {},
  };
  const own = settings.buildCommand;
  return [
    ...(needsComposer && !isVendored(view, manifest) ? [composer] : []),
    ...(own ? [ownCommand(own)] : []),
    ...(!own && scripts.compile ? [compile] : []),
  ];
}

const compile: BuildCommand = {
  title: 'Running the script compile (composer compile)',
  argv: ['composer', 'run-script', '--no-dev', 'compile'],
  env: {},
};

/** What each framework's manual says for production; config vars win. */
function frameworkEnv({ paths }: SourceView, { require }: ComposerManifest): Record<string, string> {
  if ('laravel/framework' in require || paths.includes('artisan')) return { LOG_CHANNEL: 'stderr' };
  if ('symfony/framework-bundle' in require) return { APP_ENV: 'prod', APP_DEBUG: '0' };
  return {};
}

function warningsOf(view: SourceView, manifest: ComposerManifest, hasDependencies: boolean): string[] {
  return [
    ...(hasDependencies && !view.paths.includes('composer.lock')
      ? ['There is no composer.lock: each build may get other versions. Commit the one that Composer writes.']
      : []),
    ...(isVendored(view, manifest)
      ? ['The packages are in the repository and are used as they are; composer install does not run.']
      : []),
    ...(/heroku-php-apache2\s+.*-C/.test(view.texts.Procfile ?? '')
      ? ["Apache's configuration (-C) is not read: PHP apps are served by nginx, with index.php as front controller."]
      : []),
  ];
}
