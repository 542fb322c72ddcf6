import { type AppFiles, readAppFiles } from '@berth/buildpacks/read-app-files';
import type { SourceView } from '@berth/buildpacks/source-view';
import type { WantedConfigVar } from '@berth/domain/app-json';
import { didYouMean } from '@berth/domain/did-you-mean';
import { UserError } from '@berth/domain/errors';
import { projectSection } from '@berth/domain/run-settings';
import type { RunningBuild } from '../running-build.js';
import { setFirstConfig } from '../set-first-config.js';

/**
 * Reads what the app's own files say, with its warnings; config vars that app.json gives are set when this is the app's
 * first deploy, and those that it asks for must be there.
 */
export async function readSettings(build: RunningBuild, top: SourceView): Promise<AppFiles> {
  const files = readAppFiles(top, build.config.PROJECT_PATH);
  const warnings = [...files.warnings, ...unknownEnvironments(build, Object.keys(files.settings.environments))];
  for (const warning of warnings) build.output.say(`Warning: ${warning}`);
  const wanted = files.settings.wantedConfig;
  await setFirstConfig(build, wanted, 'app.json');
  checkRequired(wanted, build.config);
  return files;
}

/** Not an error: the environment may be added, or be another team's that builds the same repository. */
function unknownEnvironments({ app }: RunningBuild, names: readonly string[]): string[] {
  const known = [...app.stages, projectSection];
  return names
    .filter((name) => !known.includes(name))
    .map(
      (name) =>
        `berth.yaml says what differs in "${name}", and there is no such environment.${didYouMean(name, known) || ` There are: ${known.join(', ')}.`}`,
    );
}

function checkRequired(wanted: readonly WantedConfigVar[], config: Record<string, string>): void {
  const missing = wanted.filter(({ key, isRequired }) => isRequired && !Object.hasOwn(config, key));
  if (missing.length === 0) return;
  const list = missing.map(({ key, description }) => (description ? `${key} (${description})` : key)).join(', ');
  const example = missing.map(({ key }) => `${key}=…`).join(' ');
  throw new UserError(
    'bad_request',
    `app.json asks for config vars that are not set: ${list}. Set them with "heroku config:set ${example}" and push again.`,
  );
}
