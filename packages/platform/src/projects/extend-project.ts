import { extendExpiry, parseTtlHours } from '@berth/domain/project-environment';
import type { Actor } from '../actor.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { getProjectFor } from './get-project-for.js';
import { lockEnvironment } from './lock-environment.js';
import type { ProjectView } from './project-view.js';
import { readProjectView } from './read-project-view.js';

/** Lets the environment live longer by some hours; its next warning is due anew. */
export async function extendProject(
  platform: Platform,
  { actor, environment, hours }: { actor: Actor; environment: string; hours: number },
): Promise<ProjectView> {
  const id = await transaction(platform, async (tx, after) => {
    const found = await getProjectFor(tx, { actor, environment, right: 'environment.destroy', orOwner: true });
    const { expiresAt: before, teamId, name } = await lockEnvironment(tx, found.id);
    const now = new Date();
    const expiresAt = extendExpiry({ expiresAt: before ?? now, hours: parseTtlHours(hours), now });
    await tx.environment.update({ where: { id: found.id }, data: { expiresAt, warnedAt: null } });
    await addEvent(tx, {
      ...{ name: 'environment.extended', noun: 'environment', nounId: found.id, teamId, userId: actor.userId },
      data: { name, expiresAt },
    });
    after.wake.push(`environment:${found.id}`);
    return found.id;
  });
  return readProjectView(platform, id);
}
