import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import type { Role } from '../auth/rights.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { keepAnOwner } from './keep-an-owner.js';

export function setMemberRole(
  platform: Platform,
  { actor, team, userId, role }: { actor: Actor; team: string; userId: string; role: Role },
): Promise<void> {
  return transaction(platform, async (tx) => {
    const { id: teamId } = await getTeamFor(tx, { actor, team, right: 'team.set-role' });
    if (role !== 'owner') await keepAnOwner(tx, teamId, userId);
    const { count } = await tx.membership.updateMany({ where: { teamId, userId }, data: { role } });
    if (count === 0) throw notFound('member', userId);
    await addEvent(tx, {
      name: 'member.role-set',
      noun: 'user',
      nounId: userId,
      teamId,
      userId: actor.userId,
      data: { role },
    });
  });
}
