import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { findReleaseFor } from '../releases/find-release-for.js';

/** The image of a release, for who may see the app. @param version number, `v3`, id or `current` */
export async function findReleaseImage(
  platform: Platform,
  { actor, app, version }: { actor: Actor; app: string; version: number | string },
): Promise<{ imageId: string; repository: string; digest: string }> {
  const { release } = await findReleaseFor(platform, { actor, app, version, right: 'app.view' });
  const image = release.imageId && (await platform.db.image.findUnique({ where: { id: release.imageId } }));
  if (!image) throw notFound('image', `of release v${release.version}`);
  return { imageId: image.id, repository: `app/${image.repositoryId}`, digest: image.digest };
}
