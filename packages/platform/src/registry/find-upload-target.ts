import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import type { Platform } from '../platform.js';

/** Ids of the repositories that an app's images are pushed to and released from, for who may deploy it. */
export async function findUploadTarget(
  platform: Platform,
  { actor, app: name }: { actor: Actor; app: string },
): Promise<{ appId: string; repositoryId: string }> {
  const { id, repositoryId } = await getAppFor(platform.db, { actor, app: name, right: 'app.push' });
  return { appId: id, repositoryId };
}
