import type { Tx } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getTeamFor } from './get-team-for.js';
import { mayDo, type Right } from './rights.js';

/** The team that somebody names, else the first one of theirs in which they may do `right`. */
export async function findTeam(
  tx: Tx,
  { actor, team, right }: { actor: Actor; team: string | undefined; right: Right },
): Promise<{ id: string; name: string }> {
  if (team !== undefined) return getTeamFor(tx, { actor, team, right });
  const memberships = await tx.membership.findMany({
    where: { userId: actor.userId },
    include: { team: true },
    orderBy: { createdAt: 'asc' },
  });
  const found = memberships.find(({ role }) => mayDo(role, right));
  if (!found) throw new UserError('forbidden', 'You have no team in which you may do this.');
  return found.team;
}
