import { type DockerfileFacts, readDockerfile } from '@berth/buildpacks/dockerfile/read-dockerfile';
import { planProcesses } from '@berth/buildpacks/plan-processes';
import type { AppSettings } from '@berth/buildpacks/read-app-files';
import type { SourceView } from '@berth/buildpacks/source-view';
import type { DockerfileBuild } from '@berth/domain/berth-yaml';
import { UserError } from '@berth/domain/errors';
import type { FileTree } from '@berth/images/file-tree';
import type { RunningBuild } from '../running-build.js';

/** What a build by Dockerfile does. */
export interface PlannedDockerfile {
  settings: AppSettings;
  view: SourceView;
  /** The build context. */
  files: FileTree;
  dockerfile: DockerfileBuild;
  text: string;
  facts: DockerfileFacts;
  /** Values for ARG. */
  args: Record<string, string>;
  /** Config vars for RUN --mount=type=secret, by id. */
  secrets: Record<string, string>;
}

const textBytesMax = 1024 * 1024;

/** Decides what the build does; a Dockerfile that is not there is a UserError. */
export async function planDockerfile(
  build: RunningBuild,
  { settings, view, files }: Pick<PlannedDockerfile, 'settings' | 'view' | 'files'>,
  dockerfile: DockerfileBuild,
): Promise<PlannedDockerfile> {
  const text = (await files.read(dockerfile.path))?.toString();
  if (text === undefined) {
    const found = view.paths.filter((path) => /(^|\/)Dockerfile[^/]*$/i.test(path)).slice(0, 3);
    const hint = found.length > 0 ? ` There is: ${found.join(', ')}.` : '';
    throw new UserError('bad_request', `There is no ${dockerfile.path} to build this app by.${hint}`);
  }
  if (text.length > textBytesMax) throw new UserError('bad_request', `${dockerfile.path} is larger than 1 MiB.`);
  // What is wrong there is said before anything is built; `web` is the image's own command unless a file says otherwise.
  planProcesses(view, settings, { web: 'image', noStart: undefined });
  const { args: asked, secrets } = readDockerfile(text, {});
  const args = pickArgs(build.config, dockerfile, asked);
  const unused = Object.keys(dockerfile.args).filter((name) => !asked.includes(name));
  for (const name of unused)
    build.output.say(`Warning: ${dockerfile.path} has no ARG ${name}; the build argument is not used.`);
  return {
    ...{ settings, view, files, dockerfile, text, args },
    facts: readDockerfile(text, args),
    secrets: pickNames(build.config, secrets),
  };
}

/** Of the config vars a Dockerfile gets those that it asks for by ARG and no other; values in berth.yaml win. */
function pickArgs(config: Record<string, string>, { args }: DockerfileBuild, asked: readonly string[]) {
  const given = Object.fromEntries(Object.entries(args).filter((pair): pair is [string, string] => pair[1] !== null));
  return { ...pickNames(config, asked), ...pickNames(given, asked) };
}

function pickNames(values: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (Object.hasOwn(values, name) ? [[name, values[name]!]] : [])));
}
