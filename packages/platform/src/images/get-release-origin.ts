import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { findReleaseFor } from '../releases/find-release-for.js';
import { type ImageOrigin, readOrigin } from './read-origin.js';

export type { ImageOrigin };

/**
 * Where a release's image comes from, for who may see the app; undefined: it has none, or it is not kept any more.
 * @param version number, `v3`, id or `current`
 */
export async function getReleaseOrigin(
  platform: Platform,
  { actor, app, version }: { actor: Actor; app: string; version: number | string },
): Promise<ImageOrigin | undefined> {
  const { release } = await findReleaseFor(platform, { actor, app, version, right: 'app.view' });
  return release.imageId ? readOrigin(platform, { imageId: release.imageId }) : undefined;
}
