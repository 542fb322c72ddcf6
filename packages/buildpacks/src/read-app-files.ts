import { type AppJson, parseAppJson, type WantedConfigVar } from '@berth/domain/app-json';
import { type BerthYaml, parseBerthYaml } from '@berth/domain/berth-yaml';
import { UserError } from '@berth/domain/errors';
import { type HerokuYml, parseHerokuYml } from '@berth/domain/heroku-yml';
import { parseProcfile } from '@berth/domain/procfile';
import { findRoot } from './find-root.js';
import { belowRoot, type SourceView } from './source-view.js';

/** How often and how big a process type runs until somebody scales it. */
export interface FirstScale {
  quantity?: number;
  size?: string;
}

/** All that the app's own files say: berth.yaml (or app.yaml) over app.json; commands of the Procfile stay in the view. */
export interface AppSettings extends BerthYaml {
  firstScale: Record<string, FirstScale>;
  wantedConfig: WantedConfigVar[];
  /** Runs once, after the first deploy. */
  postdeploy?: string;
}

export interface AppFiles {
  settings: AppSettings;
  /** The app's directory, undefined for the top of the repository. */
  root: string | undefined;
  /** Below that directory; app.json and Procfile may also lie at the top. */
  view: SourceView;
  /** A sentence each. */
  warnings: string[];
}

/** What `berth.yaml` may be called. */
const names = ['berth.yaml', 'app.yaml'];
const nearly = /^(berth|app)\.ya?ml$/i;

/**
 * Reads berth.yaml (or app.yaml), app.json and Procfile of one app; pure. The app's directory is what the config var
 * PROJECT_PATH or the top's file says; a berth.yaml in it counts instead of the top's (docs/berth-yaml.md, precedence).
 */
export function readAppFiles(top: SourceView, projectPath: string | undefined): AppFiles {
  const topFile = findFile(top);
  const topSettings = parseBerthYaml(topFile?.text ?? '', topFile?.name);
  const root = findRoot(top, topSettings, projectPath);
  const view = belowRoot(top, root);
  const ownFile = root === undefined ? undefined : findFile(view);
  const settings = ownFile ? parseBerthYaml(ownFile.text, ownFile.name) : topSettings;
  const fileName = (ownFile ?? topFile)?.name ?? names[0]!;
  const appJson = view.texts['app.json'] === undefined ? undefined : parseAppJson(view.texts['app.json']);
  const herokuYml = view.texts['heroku.yml'] === undefined ? undefined : parseHerokuYml(view.texts['heroku.yml']);
  return {
    settings: merge(settings, appJson, herokuYml),
    root,
    view,
    warnings: [
      ...view.paths.filter((path) => nearly.test(path) && !names.includes(path)).map(misnamed),
      ...(appJson?.warnings ?? []),
      ...(herokuYml?.warnings ?? []),
      ...twice(settings, view, fileName),
    ],
  };
}

function findFile({ texts }: SourceView): { name: string; text: string } | undefined {
  const found = names.filter((name) => texts[name] !== undefined);
  if (found.length > 1)
    throw new UserError(
      'bad_request',
      `There are both ${found.join(' and ')}; they are the same file: keep one of them.`,
    );
  const [name] = found;
  return name === undefined ? undefined : { name, text: texts[name]! };
}

const misnamed = (path: string) => `${path} is not read; its name must be berth.yaml.`;

function merge(settings: BerthYaml, appJson: AppJson | undefined, herokuYml: HerokuYml | undefined): AppSettings {
  const scales = Object.entries(settings.processes).map(([name, { quantity, size }]) => [
    name,
    { ...appJson?.formation[name], ...(quantity === undefined ? {} : { quantity }), ...(size ? { size } : {}) },
  ]);
  const isBuiltOtherwise = settings.dockerfile ?? settings.stack ?? settings.runtime ?? settings.buildpacks;
  const isContainer = (appJson?.isContainer || herokuYml?.dockerfile !== undefined) && !isBuiltOtherwise;
  // Commands there are those of the container's processes; berth.yaml's win.
  const processes = isContainer ? { ...herokuYml?.processes, ...settings.processes } : settings.processes;
  const hasBuildpacks = (appJson?.buildpacks.length ?? 0) > 0 && !isBuiltOtherwise && !isContainer;
  return {
    ...(isContainer ? { dockerfile: herokuYml?.dockerfile ?? { path: 'Dockerfile', args: {} } } : {}),
    ...(hasBuildpacks ? { buildpacks: appJson!.buildpacks } : {}),
    ...settings,
    processes,
    cron: settings.cron.length > 0 ? settings.cron : (appJson?.cron ?? []),
    firstScale: { ...appJson?.formation, ...Object.fromEntries(scales) },
    wantedConfig: appJson?.env ?? [],
    ...(appJson?.postdeploy ? { postdeploy: appJson.postdeploy } : {}),
  };
}

/** Process types that two files give different commands. */
function twice({ processes }: BerthYaml, { texts }: SourceView, fileName: string): string[] {
  if (texts.Procfile === undefined) return [];
  return parseProcfile(texts.Procfile)
    .filter(({ name, command }) => (processes[name]?.command ?? command) !== command)
    .map(
      ({ name }) =>
        `The process "${name}" has one command in ${fileName} and another in the Procfile; that of ${fileName} is used.`,
    );
}
