import { digestOf } from './digest.js';
import type { PackedLayer } from './layer.js';
import { ensureBlob, MissingBlobError } from './push-image.js';
import type { ExportedImage } from './read-oci-layout.js';
import { mediaTypes, type Registry } from './registry.js';

/**
 * Writes an exported image to the registry: `received` are the layers that were sent, the others are in the repository already
 * or in one of those that `from` names.
 */
export function pushExportedImage(
  registry: Registry,
  { repository, tag }: { repository: string; tag: string },
  image: ExportedImage,
  layers: { received: readonly PackedLayer[]; from: ReadonlyMap<string, string> },
  signal?: AbortSignal,
): Promise<{ digest: string; sizeBytes: number }> {
  const push = async () => {
    const { bytes, digest } = image.config;
    const received = new Map(layers.received.map((layer) => [layer.digest, layer]));
    await Promise.all([
      ...image.layers.map(async ({ digest: wanted }) => {
        const packed = received.get(wanted);
        if (packed) return registry.putBlob(repository, packed);
        const from = layers.from.get(wanted) ?? repository;
        if (!(await ensureBlob(registry, repository, wanted, from))) throw new MissingBlobError(wanted, from);
      }),
      registry.putBlob(repository, { digest, sizeBytes: bytes.length, data: { kind: 'memory', bytes } }),
    ]);
    await registry.putManifest(repository, tag, mediaTypes.manifest, image.manifest);
    return {
      digest: digestOf(image.manifest),
      sizeBytes: image.layers.reduce((sum, layer) => sum + layer.sizeBytes, 0),
    };
  };
  return registry.asPush(repository, push, signal);
}
