import { UserError } from '@berth/domain/errors';
import { parseLabel } from '@berth/domain/names';
import type { Actor } from '../actor.js';
import { addFirstEnvironments } from '../environments/add-first-environments.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import type { TeamView } from './list-teams.js';

/** A team with the first stable environments (daily to production); whoever makes it owns it. Team names are the installation's. */
export async function createTeam(
  platform: Platform,
  { actor, name }: { actor: Actor; name: string },
): Promise<TeamView> {
  const parsed = parseLabel('team', name);
  return transaction(platform, async (tx) => {
    const { count } = await tx.team.createMany({ data: [{ name: parsed }], skipDuplicates: true });
    if (count === 0) throw new UserError('conflict', `The team name ${parsed} is taken.`);
    const { id, createdAt } = await tx.team.findUniqueOrThrow({ where: { name: parsed } });
    const { userId } = actor;
    await tx.membership.create({ data: { teamId: id, userId, role: 'owner' } });
    await addFirstEnvironments(tx, id);
    await addEvent(tx, { name: 'team.created', noun: 'team', nounId: id, teamId: id, userId });
    return { id, name: parsed, role: 'owner', createdAt };
  });
}
