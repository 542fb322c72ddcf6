import type { PackedLayer } from '@berth/images/layer';
import { type LayerSource, pushImage } from '@berth/images/push-image';
import { saveCachedLayer } from '@berth/platform/layers/save-cached-layer';
import { dependenciesRepository, imageRepository } from './repositories.js';
import type { RunningBuild } from './running-build.js';

/** Uploads a layer of dependencies: one with a key is kept for the team, one without goes with this app's image only. */
export async function keepLayer(
  { builder, app, source, signal }: RunningBuild,
  packed: PackedLayer,
  key: string | undefined,
): Promise<LayerSource> {
  const { registry, platform } = builder;
  const { digest, diffId, sizeBytes } = packed;
  const layer = { digest, diffId, sizeBytes };
  const repository = key === undefined ? imageRepository(app.repositoryId) : dependenciesRepository(app.teamId);
  // Under a tag of its own until its image is there: a blob that no manifest refers to may be collected at any moment.
  const tag = key === undefined ? `dependencies-${source.commit}` : key;
  const image = { repository, tag, layers: [{ layer: packed }], config: { env: {}, labels: {} } };
  await pushImage(registry, image, signal);
  if (key !== undefined) await saveCachedLayer(platform, { key, ...layer });
  return { layer, from: repository };
}
