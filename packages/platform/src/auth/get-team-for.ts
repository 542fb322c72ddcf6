import type { Db, Tx } from '@berth/db/client';
import { notFound, UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { mayDo, type Right } from './rights.js';

/** The team by name or id with the actor's role in it; a team of others is not found, a role too low is `forbidden`. */
export async function getTeamFor(db: Db | Tx, { actor, team, right }: { actor: Actor; team: string; right: Right }) {
  const membership = await db.membership.findFirst({
    where: { userId: actor.userId, team: { OR: [{ name: team }, { id: team }] } },
    include: { team: true },
  });
  if (!membership) throw notFound('team', team);
  if (!mayDo(membership.role, right))
    throw new UserError(
      'forbidden',
      `Your role in team ${membership.team.name} (${membership.role}) does not allow this.`,
    );
  return { ...membership.team, role: membership.role };
}
