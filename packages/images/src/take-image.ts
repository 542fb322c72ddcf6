import { ensureBlob, MissingBlobError } from './push-image.js';
import type { ReadyImage } from './ready-image.js';
import type { Registry } from './registry.js';

/**
 * Makes an image known in another repository of the same registry, byte for byte; no layer travels. Idempotent. The caller
 * runs it {@link Registry.asPush}, together with what makes the image needed there: a collection may be about to delete that very digest.
 */
export async function takeImage(
  registry: Registry,
  image: Pick<ReadyImage, 'manifest' | 'blobs'>,
  { from, to }: { from: string; to: string },
): Promise<void> {
  const { digest, mediaType, bytes } = image.manifest;
  await Promise.all(
    image.blobs.map(async (blob) => {
      if (!(await ensureBlob(registry, to, blob.digest, from))) throw new MissingBlobError(blob.digest, from);
    }),
  );
  await registry.putManifest(to, `image-${digest.replace('sha256:', '')}`, mediaType, bytes);
}
