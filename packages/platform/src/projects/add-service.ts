import { UserError } from '@berth/domain/errors';
import { addJob } from '@berth/jobs/outbox';
import type { Actor } from '../actor.js';
import { requireRoom } from '../capacity/require-room.js';
import { type Platform, transaction } from '../platform.js';
import { findWish, type ServiceWish } from './find-wish.js';
import { getProjectFor } from './get-project-for.js';
import { lockEnvironment } from './lock-environment.js';
import type { ProjectView } from './project-view.js';
import { putService } from './put-service.js';
import { readProjectView } from './read-project-view.js';

/** From now on the environment has this service itself. */
export async function addService(
  platform: Platform,
  { actor, environment: name, wish }: { actor: Actor; environment: string; wish: ServiceWish },
): Promise<ProjectView> {
  const id = await transaction(platform, async (tx, after) => {
    const found = await getProjectFor(tx, { actor, environment: name, right: 'environment.create' });
    const environment = await lockEnvironment(tx, found.id);
    const { teamId, baseId } = environment;
    if (!baseId) throw new UserError('conflict', `The base of ${name} is gone.`);
    const foundWish = await findWish(tx, { teamId, baseId, wish });
    await requireRoom(platform, tx, { environment: environment.name, services: [foundWish] });
    await putService(platform, tx, after, { environment, wish: foundWish, userId: actor.userId });
    after.jobs.push(await addJob(tx, 'environment.start', { environmentId: found.id }));
    return found.id;
  });
  return readProjectView(platform, id);
}
