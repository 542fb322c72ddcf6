import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';

/** One's own rebase, or one that reached an app of one's teams; another is not found. */
export async function findRebaseFor(platform: Platform, { actor, rebase: id }: { actor: Actor; rebase: string }) {
  const rebase = await platform.db.rebase.findFirst({ where: { id, ...isVisibleTo(actor) } });
  if (!rebase) throw notFound('rebase', id);
  return rebase;
}

export const isVisibleTo = (actor: Actor) => ({
  OR: [{ userId: actor.userId }, { apps: { some: { app: isOfTeamOf(actor) } } }],
});

export const isOfTeamOf = (actor: Actor) => ({ team: { memberships: { some: { userId: actor.userId } } } });
