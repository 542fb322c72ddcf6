import { type ImageConfig, imageManifest } from './image-manifest.js';
import type { Layer, PackedLayer } from './layer.js';
import type { Registry } from './registry.js';

/** A layer to push: packed here, or known in another repository of the same registry. */
export type LayerSource = { layer: PackedLayer } | { layer: Layer; from: string };

/** A layer was to be mounted but its blob is gone from where it was: make it anew. */
export class MissingBlobError extends Error {
  readonly digest: string;

  constructor(digest: string, repository: string) {
    super(`blob ${digest} is not in ${repository} any more`);
    this.digest = digest;
  }
}

/** An image as it lies in the registry. */
export interface PushedImage {
  repository: string;
  digest: string;
  layers: Layer[];
  config: ImageConfig;
  /** Sum of the packed layers. */
  sizeBytes: number;
}

interface NewImage {
  repository: string;
  tag: string;
  layers: readonly LayerSource[];
  config: ImageConfig;
}

/** Writes an image to the registry: only missing blobs travel, all side by side, the manifest last. What waits ends with `signal`. */
export function pushImage(registry: Registry, image: NewImage, signal?: AbortSignal): Promise<PushedImage> {
  return registry.asPush(image.repository, () => pushAll(registry, image), signal);
}

async function pushAll(registry: Registry, image: NewImage): Promise<PushedImage> {
  const { repository } = image;
  const layers = image.layers.map(({ layer: { digest, diffId, sizeBytes } }) => ({ digest, diffId, sizeBytes }));
  const { config, manifest } = imageManifest(layers, image.config);
  await Promise.all([
    ...image.layers.map((source) => pushLayer(registry, repository, source)),
    registry.putBlob(repository, {
      digest: config.digest,
      sizeBytes: config.bytes.length,
      data: { kind: 'memory', bytes: config.bytes },
    }),
  ]);
  const digest = await registry.putManifest(repository, image.tag, manifest.mediaType, manifest.bytes);
  const sizeBytes = layers.reduce((sum, layer) => sum + layer.sizeBytes, 0);
  return { repository, digest, layers, config: image.config, sizeBytes };
}

async function pushLayer(registry: Registry, repository: string, source: LayerSource): Promise<void> {
  if (!('from' in source)) return registry.putBlob(repository, source.layer);
  if (!(await ensureBlob(registry, repository, source.layer.digest, source.from)))
    throw new MissingBlobError(source.layer.digest, source.from);
}

/** true when the blob is in `repository` now, mounted from `from` if need be. */
export async function ensureBlob(
  registry: Registry,
  repository: string,
  digest: string,
  from: string,
): Promise<boolean> {
  if (await registry.hasBlob(repository, digest)) return true;
  return from !== repository && registry.mountBlob(repository, digest, from);
}
