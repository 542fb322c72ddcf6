import { UserError } from '@berth/domain/errors';
import { takeImage } from '@berth/images/take-image';
import type { Actor } from '@berth/platform/actor';
import { type ImageOfProcess, releaseImages } from '@berth/platform/images/release-images';
import { findUploadTarget } from '@berth/platform/registry/find-upload-target';
import type { Api } from '../api.js';
import { findPushedImage } from './find-pushed-image.js';

export interface Wanted {
  processType: string;
  /** The image's id, as docker says it. */
  reference: string;
}

/** `heroku container:release`: one release with the images that were pushed for these process types; the others stay. */
export async function releasePushed(
  { platform, images }: Pick<Api, 'platform' | 'images'>,
  of: { actor: Actor; app: string },
  wanted: readonly [Wanted, ...Wanted[]],
): Promise<void> {
  if (!images) throw new UserError('unsupported', 'This Berth has no registry to push images to.');
  const { appId, repositoryId } = await findUploadTarget(platform, of);
  const to = `app/${repositoryId}`;
  const take = async ({ processType, reference }: Wanted): Promise<ImageOfProcess> => {
    const image = await findPushedImage(images, { appId, processType, reference });
    await takeImage(images, image, { from: image.repository, to });
    const { argv, revision, sizeBytes, manifest } = image;
    return { processType, digest: manifest.digest, argv, revision, sizeBytes };
  };
  const [first, ...others] = wanted;
  await images.asPush(to, async () => {
    const taken: [ImageOfProcess, ...ImageOfProcess[]] = [await take(first), ...(await Promise.all(others.map(take)))];
    await releaseImages(platform, { ...of, images: taken, keepOthers: true });
  });
}
