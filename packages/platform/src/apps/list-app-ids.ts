import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';

/** Ids of all apps of the actor's teams, the oldest first: what somebody waits for who looks at many. */
export async function listAppIds({ db }: Platform, { actor }: { actor: Actor }): Promise<string[]> {
  const rows = await db.app.findMany({
    where: { destroyedAt: null, team: { memberships: { some: { userId: actor.userId } } } },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ id }) => id);
}
