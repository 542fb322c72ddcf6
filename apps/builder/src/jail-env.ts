import type { RunningBuild } from './running-build.js';
import type { PlannedBuild } from './steps/plan-build.js';

/** What every command of a build sees. */
function baseEnv({ builder }: RunningBuild, { buildpack, view }: PlannedBuild): Record<string, string> {
  return { CI: 'true', ...buildpack.sourceEnv(builder.sources, view) };
}

/** The install step gets of the config vars only those that the package manager's settings name. */
export function installEnv(build: RunningBuild, planned: PlannedBuild, sees: 'everything' | 'files') {
  const names = planned.plan.dependencies?.configNames ?? [];
  const named = Object.fromEntries(
    names.flatMap((name) => (Object.hasOwn(build.config, name) ? [[name, build.config[name]!]] : [])),
  );
  // An install that sees the whole source runs the app's own scripts: they are part of the build.
  return { ...(sees === 'everything' ? scriptEnv(build, planned) : named), ...baseEnv(build, planned) };
}

/** The build script gets all config vars but PATH, and Heroku's variables of a build. */
export function scriptEnv(build: RunningBuild, planned: PlannedBuild): Record<string, string> {
  const { PATH: _, ...config } = build.config;
  return {
    ...planned.plan.env,
    ...config,
    ...baseEnv(build, planned),
    SOURCE_VERSION: build.source.commit,
    HEROKU_SLUG_COMMIT: build.source.commit,
    HEROKU_APP_NAME: build.app.name,
  };
}
