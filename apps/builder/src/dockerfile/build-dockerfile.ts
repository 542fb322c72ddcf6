import { createHash } from 'node:crypto';
import { finishProcesses } from '@berth/buildpacks/finish-processes';
import { dockerfileCache } from '@berth/domain/cache-key';
import type { NewImage } from '@berth/platform/images/put-image';
import { buildkitRelease } from '@berth/runtimes/buildkit/buildkit-release';
import { imageRepository } from '../repositories.js';
import type { RunningBuild, RunStep } from '../running-build.js';
import { compileBuildkit } from './compile-buildkit.js';
import { ensureBaseImages } from './ensure-base-images.js';
import type { PlannedDockerfile } from './plan-dockerfile.js';
import { runBuildkit } from './run-buildkit.js';
import { takeImage } from './take-image.js';

/** The workflow of a build by the app's own Dockerfile. */
export async function buildDockerfile(
  build: RunningBuild,
  planned: PlannedDockerfile,
  step: RunStep,
): Promise<NewImage> {
  const { builder, jail, app } = build;
  build.output.title(`App with a Dockerfile: ${planned.dockerfile.path}`);
  const tools = await step('buildkit', () => builder.bases.dockerfileTools(() => compileBuildkit(build)));
  const bases = await step('base images', () => ensureBaseImages(build, planned, tools));
  await step('dockerfile', async () => {
    // A disk of its own: its files have owners that other builds of the app cannot touch.
    await jail.open(tools.jail, {
      ...{ kind: 'dockerfile', cacheKey: dockerfileCache(app.id) },
      limits: { ...builder.limits.jail, cacheBytes: builder.limits.dockerfileBytes },
    });
    await runBuildkit(build, planned, bases);
  });
  const taken = await step('image', () => takeImage(build, planned, bases));
  const { processes, warnings } = finishProcesses(taken.processes, planned.settings);
  for (const warning of warnings) build.output.say(`Warning: ${warning}`);
  const repository = imageRepository(app.repositoryId);
  builder.engine.pullImage({ repository, digest: taken.digest }).catch((error) => {
    builder.logger.debug({ err: error }, 'early pull');
  });
  return {
    digest: taken.digest,
    commit: build.source.commit,
    processTypes: processes,
    healthcheck: planned.settings.healthcheck ?? null,
    agents: planned.settings.agents,
    cron: planned.settings.cron,
    environments: planned.settings.environments,
    needs: planned.settings.needs,
    postdeploy: planned.settings.postdeploy ?? null,
    labels: { buildpack: 'dockerfile' },
    sizeBytes: taken.sizeBytes,
    inputs: {
      buildpack: 'dockerfile@1',
      tools: [`buildkit@${buildkitRelease.version}`],
      files: { [planned.dockerfile.path]: createHash('sha256').update(planned.text).digest('hex') },
      configNames: [...Object.keys(planned.args), ...Object.keys(planned.secrets)].sort(),
    },
  };
}
