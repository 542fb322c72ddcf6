import type { Actor } from '../actor.js';
import { getAppToPush } from '../auth/get-app-to-deploy.js';
import type { Platform } from '../platform.js';

/** Ids of the repositories that an app's images are pushed to and released from, for who may deploy it. */
export async function findUploadTarget(
  platform: Platform,
  { actor, app: name }: { actor: Actor; app: string },
): Promise<{ appId: string; repositoryId: string }> {
  const { id, repositoryId } = await getAppToPush(platform.db, { actor, app: name });
  return { appId: id, repositoryId };
}
