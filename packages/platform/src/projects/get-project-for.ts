import type { Db, Tx } from '@berth/db/client';
import { notFound, UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { mayDo, type Right } from '../auth/rights.js';

const include = { team: true, base: { select: { id: true, name: true } } } as const;

/**
 * The project environment by name or id, when the actor may do `right` with it; with `orOwner` also when the role still allows
 * to make one and it is the actor's own, or nobody's in particular: a hook made it, and its branch's deletion takes it along,
 * which who may push may do. Another team's is not found, nor one that is being destroyed.
 */
export async function getProjectFor(
  db: Db | Tx,
  input: { actor: Actor; environment: string; right: Right; orOwner?: boolean },
) {
  const { actor, environment: name, right, orOwner = false } = input;
  const found = await db.environment.findFirst({
    where: {
      kind: 'project',
      destroyedAt: null,
      OR: [{ name }, { id: name }],
      team: { memberships: { some: { userId: actor.userId } } },
    },
    include: { ...include, team: { include: { memberships: { where: { userId: actor.userId } } } } },
  });
  const role = found?.team.memberships[0]?.role;
  if (!found || !role) throw notFound('environment', name);
  const isOwn = orOwner && (found.ownerId === actor.userId || found.isHookMade) && mayDo(role, 'environment.create');
  if (!isOwn && !mayDo(role, right))
    throw new UserError(
      'forbidden',
      `Your role in team ${found.team.name} (${role}) does not allow this${orOwner ? ', and the environment is not yours' : ''}.`,
    );
  return found;
}
