import type { Platform } from '../platform.js';

/** true when no release with an image has succeeded before this one. */
export async function isFirstDeploy(platform: Platform, { appId }: { appId: string }): Promise<boolean> {
  const earlier = await platform.db.release.findFirst({
    where: { appId, status: 'succeeded', imageId: { not: null } },
    select: { id: true },
  });
  return earlier === null;
}
