import type { ImageRegistry } from '@berth/db/generated/client';
import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';

/** Which registry the images of an environment's next releases are pulled from; what runs goes on as it is. */
export function setEnvironmentRegistry(
  platform: Platform,
  {
    actor,
    team,
    environment: name,
    registry,
  }: { actor: Actor; team: string; environment: string; registry: ImageRegistry },
): Promise<{ environment: string; registry: ImageRegistry }> {
  return transaction(platform, async (tx) => {
    const { id: teamId } = await getTeamFor(tx, { actor, team, right: 'environment.set-registry' });
    const found = await tx.environment.findUnique({ where: { teamId_name: { teamId, name } } });
    if (!found) throw notFound('environment', name);
    await tx.environment.update({ where: { id: found.id }, data: { registry } });
    const { userId } = actor;
    await addEvent(tx, {
      ...{ name: 'environment.registry-changed', noun: 'environment', nounId: found.id, teamId, userId },
      data: { registry },
    });
    return { environment: name, registry };
  });
}
