import { TransientError } from '@berth/domain/errors';
import type { ImageConfig } from '@berth/images/image-manifest';
import { appUser, type PackedLayer } from '@berth/images/layer';
import { type LayerSource, MissingBlobError, pushImage } from '@berth/images/push-image';
import type { BuiltImage } from '@berth/platform/builds/finish-build';
import { makeCodeLayer } from '../make-code-layer.js';
import { imageRepository } from '../repositories.js';
import type { RunningBuild } from '../running-build.js';
import type { Dependencies } from './make-dependencies.js';
import type { PlannedBuild } from './plan-build.js';

/** Packs the code and writes the image: stack, runtime, dependencies, code; only missing blobs travel. */
export async function makeImage(
  build: RunningBuild,
  planned: PlannedBuild,
  dependencies: Dependencies,
): Promise<BuiltImage> {
  const { builder, app, source, output } = build;
  const { plan, version } = planned;
  const code = await makeCodeLayer(build, planned, dependencies);
  const repository = imageRepository(app.repositoryId);
  const pushed = await pushImage(builder.registry, {
    repository,
    tag: source.commit,
    layers: layersOf(planned, dependencies, code),
    config: configOf(planned),
  })
    .catch((error) => {
      if (!(error instanceof MissingBlobError)) throw error;
      builder.bases.forget();
      throw new TransientError(error.message, { cause: error });
    })
    .finally(code.dispose);
  // The daemon fetches the layers while the release is written; the release waits for its own pull anyway.
  builder.engine.pullImage({ repository, digest: pushed.digest }).catch((error) => {
    builder.logger.debug({ err: error }, 'early pull');
  });
  output.title(`Image: ${megabytes(pushed.sizeBytes)} (code ${megabytes(code.sizeBytes)})`);
  output.say(`Process types: ${plan.processes.map(({ name }) => name).join(', ')}`);
  return {
    digest: pushed.digest,
    commit: source.commit,
    processTypes: [...plan.processes],
    healthcheck: plan.healthcheck ?? null,
    labels: { stack: 'berth-13', runtime: `${plan.runtime.name} ${version}`, buildpack: plan.buildpack.name },
    sizeBytes: pushed.sizeBytes,
  };
}

function layersOf(planned: PlannedBuild, dependencies: Dependencies, code: PackedLayer): LayerSource[] {
  const tools = planned.tools.filter(({ isInImage }) => isInImage).map(({ image }) => image);
  const bases = [planned.stack, planned.runtime, ...tools];
  return [
    ...bases.flatMap((image) => image.layers.map((layer) => ({ layer, from: image.repository }))),
    ...(dependencies.layer ? [dependencies.layer] : []),
    { layer: code },
  ];
}

/** No commit and no time in it: the same source gives the same digest. */
function configOf({ plan, stack, runtime, version }: PlannedBuild): ImageConfig {
  return {
    env: {
      ...runtime.config.env,
      HOME: '/app',
      ...plan.env,
    },
    user: `${appUser.uid}:${appUser.gid}`,
    workingDir: '/app',
    labels: {
      'berth.stack': `berth-13@${stack.digest}`,
      'berth.runtime': `${plan.runtime.name}@${version}`,
      'berth.buildpack': `${plan.buildpack.name}@${plan.buildpack.version}`,
    },
  };
}

const megabytes = (bytes: number) =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
