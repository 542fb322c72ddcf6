import type { PackedLayer } from '@berth/images/layer';
import { type LayerSource, pushImage } from '@berth/images/push-image';
import { saveCachedLayer } from '@berth/platform/layers/save-cached-layer';
import { dependenciesRepository, imageRepository } from './repositories.js';
import type { RunningBuild } from './running-build.js';

/** Uploads a layer of dependencies: one with a key is kept for the team, one without goes with this app's image only. */
export async function keepLayer(
  { builder, app }: RunningBuild,
  packed: PackedLayer,
  key: string | undefined,
): Promise<LayerSource> {
  const { registry, platform } = builder;
  const { digest, diffId, sizeBytes } = packed;
  const layer = { digest, diffId, sizeBytes };
  if (key === undefined) {
    const repository = imageRepository(app.repositoryId);
    await registry.putBlob(repository, packed);
    return { layer, from: repository };
  }
  const repository = dependenciesRepository(app.teamId);
  const tag = key.replace(':', '-');
  await pushImage(registry, { repository, tag, layers: [{ layer: packed }], config: { env: {}, labels: {} } });
  await saveCachedLayer(platform, { key, ...layer });
  return { layer, from: repository };
}
