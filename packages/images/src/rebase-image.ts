import { imageManifest } from './image-manifest.js';
import type { RebasePlan } from './plan-rebase.js';
import { MissingBlobError, type PushedImage } from './push-image.js';
import type { Registry } from './registry.js';

/**
 * Writes a moved image beside the one it was made of: a configuration and a manifest, and the new layers are mounted. No
 * layer's data is sent. MissingBlobError when a base was collected meanwhile. Idempotent: the same plan, the same digest. The
 * caller runs it {@link Registry.asPush}, together with what makes the image needed: a collection may be about to delete that very digest.
 */
export async function rebaseImage(registry: Registry, { repository, tag, plan }: MovedImage): Promise<PushedImage> {
  const { layers, config, mounts } = plan;
  const documents = imageManifest(layers, config);
  await Promise.all([
    ...mounts.map(async ({ digest, from }) => {
      // One call: a blob that is in the repository already is answered like a mounted one.
      if (!(await registry.mountBlob(repository, digest, from))) throw new MissingBlobError(digest, from);
    }),
    registry.putBlob(repository, {
      digest: documents.config.digest,
      sizeBytes: documents.config.bytes.length,
      data: { kind: 'memory', bytes: documents.config.bytes },
    }),
  ]);
  const { mediaType, bytes } = documents.manifest;
  const digest = await registry.putManifest(repository, tag, mediaType, bytes);
  return { repository, digest, layers, config, sizeBytes: layers.reduce((sum, layer) => sum + layer.sizeBytes, 0) };
}

interface MovedImage {
  repository: string;
  tag: string;
  plan: RebasePlan & { kind: 'move' };
}
