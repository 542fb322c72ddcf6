import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { markAppDestroyed } from '../apps/mark-app-destroyed.js';
import { type Platform, transaction } from '../platform.js';
import { getProjectFor } from './get-project-for.js';
import { lockEnvironment } from './lock-environment.js';
import type { ProjectView } from './project-view.js';
import { readProjectView } from './read-project-view.js';

/** From now on the base answers for this service again. */
export async function dropService(
  platform: Platform,
  { actor, environment, service }: { actor: Actor; environment: string; service: string },
): Promise<ProjectView> {
  const id = await transaction(platform, async (tx, after) => {
    const found = await getProjectFor(tx, { actor, environment, right: 'environment.destroy', orOwner: true });
    await lockEnvironment(tx, found.id);
    const app = await tx.app.findFirst({
      where: { environmentId: found.id, destroyedAt: null, pipeline: { name: service } },
    });
    if (!app) throw notFound('service', service);
    await markAppDestroyed(tx, after, { appId: app.id, userId: actor.userId });
    after.wake.push(`environment:${found.id}`);
    return found.id;
  });
  return readProjectView(platform, id);
}
