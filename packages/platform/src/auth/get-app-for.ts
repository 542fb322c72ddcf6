import type { Db, Tx } from '@berth/db/client';
import { notFound, UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { mayDo, type Right } from './rights.js';

/**
 * The app by name or id, when the actor may do `right` with it. Another team's app is not found, and so is one that is
 * being destroyed; in one's own team a role that is too low is `forbidden`.
 */
export async function getAppFor(db: Db | Tx, { actor, app, right }: { actor: Actor; app: string; right: Right }) {
  const found = await db.app.findFirst({
    where: { OR: [{ name: app }, { id: app }], destroyedAt: null },
    include: { team: { include: { memberships: { where: { userId: actor.userId } } } }, environment: true },
  });
  const role = found?.team.memberships[0]?.role;
  if (!found || !role) throw notFound('app', app);
  if (!mayDo(role, right))
    throw new UserError('forbidden', `Your role in team ${found.team.name} (${role}) does not allow this.`);
  return found;
}
