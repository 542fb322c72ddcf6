import { basename, dirname } from 'node:path/posix';
import { UserError } from '@berth/domain/errors';
import { appUser, fixedMtime, type LayerEntry } from '@berth/images/layer';
import { buildDockerfileCommand } from '@berth/runtimes/buildkit/ensure-dockerfile-jail';
import { CommandFailedError } from '../command-failed.js';
import { appDirectory, workspace } from '../jail.js';
import type { RunningBuild } from '../running-build.js';
import type { BaseImages } from './ensure-base-images.js';
import { explainFailure } from './explain-failure.js';
import type { PlannedDockerfile } from './plan-dockerfile.js';

/** Where the image lies in the jail, as an OCI layout. */
export const layoutDirectory = `${workspace}/image`;

/** Builds the image in the jail. Of the installation it reaches the mirror alone. */
export async function runBuildkit(build: RunningBuild, planned: PlannedDockerfile, bases: BaseImages): Promise<void> {
  const { jail, builder } = build;
  await jail.put([
    ...planned.files.toLayerEntries('app', appUser),
    textFile('buildkitd.toml', buildkitSettings(builder.mirror)),
  ]);
  const secrets = Object.entries(planned.secrets);
  const command = {
    title: `Building by ${planned.dockerfile.path}`,
    shown: 'buildctl build',
    argv: [buildDockerfileCommand, ...buildctlArguments(planned)] as [string, ...string[]],
    env: {},
  };
  const env = {
    // Times in layers are no later than this: the same source gives the same digest.
    SOURCE_DATE_EPOCH: String(fixedMtime.getTime() / 1_000),
    ...Object.fromEntries(secrets.map(([, value], index) => [secretVariable(index), value])),
  };
  try {
    await jail.run(command, env, appDirectory);
  } catch (error) {
    if (!(error instanceof CommandFailedError && error.code === 'build_failed')) throw error;
    const sentence = explainFailure(error.detail ?? '', planned.dockerfile.path, bases);
    throw new UserError('build_failed', sentence, { cause: error });
  }
}

function buildctlArguments({ dockerfile, args, secrets }: PlannedDockerfile): string[] {
  const option = (name: string, value: string) => ['--opt', `${name}=${value}`];
  return [
    ...['--frontend', 'dockerfile.v0', '--progress', 'plain'],
    ...['--local', `context=${appDirectory}`],
    ...['--local', `dockerfile=${appDirectory}/${dirname(dockerfile.path)}`],
    ...option('filename', basename(dockerfile.path)),
    ...(dockerfile.target === undefined ? [] : option('target', dockerfile.target)),
    ...Object.entries(args).flatMap(([name, value]) => option(`build-arg:${name}`, value)),
    ...Object.keys(secrets).flatMap((id, index) => ['--secret', `id=${id},env=${secretVariable(index)}`]),
    ...['--output', `type=oci,tar=false,dest=${layoutDirectory},rewrite-timestamp=true`],
  ];
}

const secretVariable = (index: number) => `BERTH_BUILD_SECRET_${index}`;

/** Images of the public registry are looked for in our mirror first. */
function buildkitSettings(mirror: string): string {
  return `[registry."docker.io"]\n  mirrors = ["${mirror}/mirror"]\n[registry."${mirror}"]\n  http = true\n`;
}

function textFile(path: string, text: string): LayerEntry {
  const content = Buffer.from(text);
  return { path, type: 'file', mode: 0o644, ...appUser, content, sizeBytes: content.length };
}
