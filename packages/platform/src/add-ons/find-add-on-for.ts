import type { Db, Tx } from '@berth/db/client';
import { notFound, UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { mayDo, type Right } from '../auth/rights.js';
import { addOnInclude } from './add-on-view.js';

/** The add-on by name or id, when the actor may do `right` in its team. One that is being destroyed is not found. */
export async function findAddOnFor(
  db: Db | Tx,
  { actor, addOn, right }: { actor: Actor; addOn: string; right: Right },
) {
  const found = await db.addOn.findFirst({
    where: { OR: [{ id: addOn }, { name: addOn }], status: { not: 'deprovisioning' } },
    include: { ...addOnInclude, team: { include: { memberships: { where: { userId: actor.userId } } } } },
  });
  const role = found?.team.memberships[0]?.role;
  if (!found || !role) throw notFound('add_on', addOn);
  if (!mayDo(role, right))
    throw new UserError('forbidden', `Your role in team ${found.team.name} (${role}) does not allow this.`);
  return found;
}
