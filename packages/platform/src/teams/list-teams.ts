import type { Actor } from '../actor.js';
import type { Role } from '../auth/rights.js';
import type { Platform } from '../platform.js';

export interface TeamView {
  id: string;
  name: string;
  /** The actor's own. */
  role: Role;
  createdAt: Date;
}

/** The actor's teams, the oldest membership first. */
export async function listTeams(platform: Platform, { actor }: { actor: Actor }): Promise<TeamView[]> {
  const memberships = await platform.db.membership.findMany({
    where: { userId: actor.userId },
    include: { team: true },
    orderBy: { createdAt: 'asc' },
  });
  return memberships.map(({ team: { id, name, createdAt }, role }) => ({ id, name, role, createdAt }));
}
