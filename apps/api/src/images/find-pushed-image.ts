import { notFound, UserError } from '@berth/domain/errors';
import { type ReadyImage, readReadyImage } from '@berth/images/ready-image';
import type { Registry } from '@berth/images/registry';
import { parseImageName, pushedRepository } from '@berth/platform/registry/image-name';

/** Tags that are looked at for an image's id: the newest push is `latest`. */
const tagsMax = 50;

/**
 * The image that `heroku container:push` left for a process type. @param reference its id, which is the digest of its
 * configuration, or the digest of its manifest
 */
export async function findPushedImage(
  images: Registry,
  { appId, processType, reference }: { appId: string; processType: string; reference: string },
): Promise<ReadyImage & { repository: string }> {
  if (!parseImageName(`app/${processType}`)) throw notFound('process type', processType);
  const repository = pushedRepository({ appId, processType });
  const tags = await images.listTags(repository);
  const ordered = ['latest', ...tags.filter((tag) => tag !== 'latest')].slice(0, tagsMax);
  for (const tag of ordered) {
    const image = await readReadyImage(images, repository, tag);
    if (image && (image.configDigest === reference || image.manifest.digest === reference))
      return { ...image, repository };
  }
  throw new UserError('not_found', `There is no image ${reference} for ${processType}: push it first.`, {
    resource: 'docker_image',
  });
}
