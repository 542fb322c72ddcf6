import type { BerthYaml } from '@berth/domain/berth-yaml';
import type { BuildCommand, BuildPlan } from '../build-plan.js';
import { type AssetsPlan, planAssets } from '../node/plan-assets.js';
import { ownCommand } from '../own-command.js';
import { planProcesses } from '../plan-processes.js';
import type { SourceView } from '../source-view.js';
import type { GemLock } from './lockfile.js';
import { gemLockOf, planDependencies } from './plan-dependencies.js';
import { rubyWish } from './ruby-wish.js';

/** Raised when the same source would give another dependencies layer: part of its key. */
const version = '1';

/** Decides everything about the build of a Ruby app; pure. */
export function planRuby(view: SourceView, settings: BerthYaml): BuildPlan {
  const lock = gemLockOf(view);
  const isRails = lock.names.has('railties');
  const assets = planAssets(view);
  return {
    buildpack: { name: 'ruby', version },
    runtime: { name: 'ruby', ...rubyWish(view, settings) },
    tools: assets?.tools ?? [],
    dependencies: planDependencies(view, lock),
    build: buildCommands(view, settings, lock, assets),
    // The gems are installed, and a bundle of somebody's desk is no part of this one.
    leaveOut: ['vendor/cache', '.bundle', ...(assets?.leaveOut ?? [])],
    caches: [...(isRails ? ['tmp/cache/assets'] : []), ...settings.caches],
    processes: planProcesses(view, settings, startCommand(view, lock)),
    healthcheck: settings.healthcheck,
    env: { RACK_ENV: 'production', ...(isRails ? railsEnv : {}) },
    // Rails signs its cookies with it: one that is made anew at each start would sign everybody out.
    wantedConfig: isRails ? [{ key: 'SECRET_KEY_BASE', isGenerated: true, isRequired: false }] : [],
    warnings: view.paths.includes('.bundle/config')
      ? ['.bundle/config is in the repository; it is left out. Put it into .gitignore.']
      : [],
  };
}

/** As Heroku sets them. */
const railsEnv = { RAILS_ENV: 'production', RAILS_SERVE_STATIC_FILES: 'enabled', RAILS_LOG_TO_STDOUT: 'enabled' };

/** Gems that give an app the task assets:precompile. */
const pipelines = ['sprockets-rails', 'propshaft', 'vite_rails', 'shakapacker', 'webpacker'];

/**
 * The packages of package.json, which Rails' assets may be made with; then berth.yaml's command, else those assets (unless they
 * are in the repository already), else the script that package.json has for it.
 */
function buildCommands(
  { paths }: SourceView,
  settings: BerthYaml,
  { names }: GemLock,
  assets: AssetsPlan | undefined,
): BuildCommand[] {
  const own = settings.buildCommand;
  const install = assets ? [assets.install] : [];
  if (own) return [...install, ownCommand(own)];
  const isMade = paths.some((path) => /^public\/(assets|packs|vite)\/(\.?manifest|\.sprockets-manifest)/.test(path));
  const hasPipeline = paths.includes('Rakefile') && pipelines.some((name) => names.has(name));
  if (!hasPipeline) return assets?.build ? [...install, assets.build] : [];
  if (isMade) return [];
  const argv = ['bundle', 'exec', 'rake', 'assets:precompile'] as const;
  return [
    ...install,
    { title: 'Precompiling assets (rake assets:precompile)', argv, env: { SECRET_KEY_BASE_DUMMY: '1' } },
  ];
}

function startCommand({ paths }: SourceView, { names }: GemLock) {
  const noStart = 'there is neither a config.ru nor a bin/rails';
  if (names.has('railties') && paths.includes('bin/rails'))
    return { web: 'bin/rails server -b 0.0.0.0 -p $PORT -e $RAILS_ENV', noStart };
  if (!paths.includes('config.ru')) return { web: undefined, noStart };
  const server = names.has('puma') ? 'puma -p $PORT' : 'rackup config.ru -o 0.0.0.0 -p $PORT';
  return { web: `bundle exec ${server}`, noStart };
}
