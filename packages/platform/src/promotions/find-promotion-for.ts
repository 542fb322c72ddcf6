import type { Db, Tx } from '@berth/db/client';
import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';

/** A promotion of one of the actor's teams; what they may do with it their role at the target says. */
export async function findPromotionFor(db: Db | Tx, { actor, promotion }: { actor: Actor; promotion: string }) {
  const found = await db.promotion.findFirst({
    where: { id: promotion, pipeline: { team: { memberships: { some: { userId: actor.userId } } } } },
  });
  if (!found) throw notFound('promotion', promotion);
  return found;
}
