import { TransientError, UserError } from '@berth/domain/errors';
import { MissingBlobError } from '@berth/images/push-image';
import { readReadyImage } from '@berth/images/ready-image';
import type { Registry } from '@berth/images/registry';
import { takeImage } from '@berth/images/take-image';
import { releaseImages } from '@berth/platform/images/release-images';
import type { Platform } from '@berth/platform/platform';
import { pushedRepository } from '@berth/platform/registry/image-name';
import type { Upload } from '@berth/platform/registry/list-uploads';
import { refuseUpload } from '@berth/platform/registry/refuse-upload';
import { withUploadsInOrder } from '@berth/platform/registry/with-uploads-in-order';

/**
 * `docker push <app>` makes a release: the image becomes known in the repository that the engine pulls from, and is released
 * as the app's web process. Twice for the same push makes one release; what cannot run is refused with a sentence. What the tag
 * points to no longer is left alone: notifications come late and out of order, and what took its place is told of by itself.
 * Throws a TransientError when it is to be tried again.
 */
export async function takeUpload(
  { platform, images }: { platform: Platform; images: Registry },
  { upload, tag, digest }: { upload: Upload; tag: string; digest: string },
): Promise<void> {
  const { appId, userId, repositoryId } = upload;
  const from = pushedRepository({ appId, processType: '' });
  const to = `app/${repositoryId}`;
  await withUploadsInOrder(platform, { appId }, async (lease) => {
    if ((await images.getManifest(from, tag))?.digest !== digest) return;
    try {
      const image = await readReadyImage(images, from, digest);
      if (!image) return await refuseUpload(platform, { appId, userId, tag, digest, lease });
      const { argv, revision, sizeBytes } = image;
      // The release is part of the push: once it is over a collection may look at what is needed.
      await images.asPush(to, async () => {
        await takeImage(images, image, { from, to });
        await releaseImages(platform, {
          actor: { userId },
          app: appId,
          images: [{ processType: 'web', digest: image.manifest.digest, argv, revision, sizeBytes }],
          keepOthers: false,
          upload: { tag, digest, lease },
        });
      });
    } catch (error) {
      if (error instanceof MissingBlobError) throw new TransientError(error.message, { cause: error });
      if (!(error instanceof UserError)) throw error;
      await refuseUpload(platform, { appId, userId, tag, digest, lease, message: error.publicMessage });
    }
  });
}
