import { TransientError } from '@berth/domain/errors';
import type { ImageLabels } from '@berth/domain/image-labels';
import { baseLabels, historyOf, type LayerKind, ociLabels } from '@berth/images/app-image';
import type { ImageConfig } from '@berth/images/image-manifest';
import { appUser, type PackedLayer } from '@berth/images/layer';
import { type LayerSource, MissingBlobError, type PushedImage, pushImage } from '@berth/images/push-image';
import type { NewImage } from '@berth/platform/images/put-image';
import { makeCodeLayer } from '../make-code-layer.js';
import { imageRepository } from '../repositories.js';
import type { RunningBuild } from '../running-build.js';
import { buildInputsOf } from './build-inputs-of.js';
import type { Dependencies } from './make-dependencies.js';
import type { PlannedBuild } from './plan-build.js';

/** Packs the code and writes the image: stack, runtime, dependencies, code; only missing blobs travel. */
export async function makeImage(
  build: RunningBuild,
  planned: PlannedBuild,
  dependencies: Dependencies,
): Promise<NewImage> {
  const { builder, app, source, output } = build;
  const { plan, settings } = planned;
  const code = await makeCodeLayer(build, planned, dependencies);
  const repository = imageRepository(app.repositoryId);
  const layers = layersOf(planned, dependencies, code);
  const kinds = layers.map(({ kind }) => kind);
  const image = {
    repository,
    tag: source.commit,
    layers: layers.map(({ source: layer }) => layer),
    config: configOf(planned, kinds),
  };
  const pushed = await pushImage(builder.registry, image, build.signal)
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
    agents: settings.agents,
    cron: settings.cron,
    environments: settings.environments,
    needs: settings.needs,
    postdeploy: settings.postdeploy ?? null,
    labels: labelsOf(planned),
    sizeBytes: pushed.sizeBytes,
    inputs: buildInputsOf(build, planned, dependencies),
  };
}

/** What the image's row says of its bases. */
function labelsOf({ plan, stack, base }: PlannedBuild): ImageLabels {
  return {
    stack: stack.config.labels['berth.stack'] ?? '',
    stackDigest: stack.digest,
    runtime: `${base.name} ${base.version}`,
    runtimeName: base.name,
    runtimeVersion: base.version,
    runtimeDigest: base.image.digest,
    ...(base.wish === undefined ? {} : { runtimeWish: base.wish }),
    buildpack: plan.buildpack.name,
  };
}

function layersOf(
  { plan, stack, base, propagator, openTelemetry, tools }: PlannedBuild,
  { layer }: Dependencies,
  code: PackedLayer,
): { kind: LayerKind; source: LayerSource }[] {
  const below = (kind: LayerKind, image: PushedImage) =>
    image.layers.map((one) => ({ kind, source: { layer: one, from: image.repository } }));
  return [
    ...below('stack', stack),
    ...below('runtime', base.image),
    ...(propagator ? below('propagation', propagator) : []),
    ...(openTelemetry ? below('tool', openTelemetry) : []),
    ...tools.flatMap(({ image }) => (image ? below('tool', image) : [])),
    ...(layer && !plan.serve ? [{ kind: 'dependencies' as const, source: layer }] : []),
    { kind: 'code', source: { layer: code } },
  ];
}

/** No commit and no time in it: the same source gives the same digest. */
function configOf({ plan, stack, base }: PlannedBuild, kinds: readonly LayerKind[]): ImageConfig {
  const env = { HOME: '/app', ...plan.env };
  const labels = {
    ...baseLabels(stack, base.image, base.wish),
    [ociLabels.layers]: kinds.join(' '),
    [ociLabels.env]: Object.keys(env).sort().join(' '),
    'berth.buildpack': `${plan.buildpack.name}@${plan.buildpack.version}`,
  };
  return {
    env: { ...base.image.config.env, ...env },
    user: `${appUser.uid}:${appUser.gid}`,
    workingDir: plan.workingDir ? `/app/${plan.workingDir}` : '/app',
    labels,
    history: historyOf(kinds, labels),
  };
}

const megabytes = (bytes: number) =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
