import { toolsBin } from '@berth/runtimes/npm/ensure-tool';
import type { RunningBuild } from './running-build.js';
import type { PlannedBuild } from './steps/plan-build.js';

/** What every command of a build sees. */
function baseEnv({ builder }: RunningBuild, { view }: PlannedBuild): Record<string, string> {
  const settings = ['.npmrc', '.yarnrc', '.yarnrc.yml'].map((path) => view.texts[path] ?? '').join('\n');
  // An environment variable would win over a registry that the app itself names.
  const namesRegistry = /^\s*(registry\s*[= ]|npmRegistryServer\s*:)/m.test(settings);
  return {
    CI: 'true',
    ...(namesRegistry
      ? {}
      : {
          npm_config_registry: builder.npmRegistry,
          YARN_REGISTRY: builder.npmRegistry,
          YARN_NPM_REGISTRY_SERVER: builder.npmRegistry.replace(/\/$/, ''),
        }),
  };
}

/** The install step gets of the config vars only those that the package manager's settings name. */
export function installEnv(build: RunningBuild, planned: PlannedBuild, sees: 'everything' | 'files') {
  const names = planned.plan.dependencies?.configNames ?? [];
  const named = Object.fromEntries(
    names.flatMap((name) => (name in build.config ? [[name, build.config[name]!]] : [])),
  );
  // An install that sees the whole source runs the app's own scripts: they are part of the build.
  return { ...(sees === 'everything' ? scriptEnv(build, planned) : named), ...baseEnv(build, planned) };
}

/** The build script gets all config vars, and Heroku's variables of a build. */
export function scriptEnv(build: RunningBuild, planned: PlannedBuild): Record<string, string> {
  return {
    ...planned.plan.env,
    ...build.config,
    ...baseEnv(build, planned),
    SOURCE_VERSION: build.source.commit,
    HEROKU_SLUG_COMMIT: build.source.commit,
    HEROKU_APP_NAME: build.app.name,
    PATH: `/opt/berth/runtimes/node/bin:${toolsBin}:/usr/local/bin:/usr/bin:/bin:/workspace/app/bin:/workspace/app/node_modules/.bin`,
  };
}
