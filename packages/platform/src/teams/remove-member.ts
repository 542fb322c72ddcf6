import { notFound, UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { keepAnOwner } from './keep-an-owner.js';

/** Takes a member out of a team; everybody may leave. Only an owner removes an owner. */
export function removeMember(
  platform: Platform,
  { actor, team: name, userId }: { actor: Actor; team: string; userId: string },
): Promise<void> {
  const isSelf = actor.userId === userId;
  return transaction(platform, async (tx) => {
    const team = await getTeamFor(tx, { actor, team: name, right: isSelf ? 'team.view' : 'team.remove-member' });
    const member = await tx.membership.findUnique({ where: { teamId_userId: { teamId: team.id, userId } } });
    if (!member) throw notFound('member', userId);
    if (member.role === 'owner' && team.role !== 'owner')
      throw new UserError('forbidden', 'Only an owner can remove an owner.');
    await keepAnOwner(tx, team.id, userId);
    await tx.membership.delete({ where: { teamId_userId: { teamId: team.id, userId } } });
    const event = { name: 'member.removed', noun: 'user', nounId: userId, teamId: team.id, userId: actor.userId };
    await addEvent(tx, event);
  });
}
