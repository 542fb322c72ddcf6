import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import type { Role } from '../auth/rights.js';
import type { Platform } from '../platform.js';

export interface AccountView {
  userId: string;
  email: string;
  name: string;
  createdAt: Date;
  updatedAt: Date;
  teams: { id: string; name: string; role: Role }[];
}

/** Who the actor is, with the teams it is a member of. */
export async function getAccount(platform: Platform, { actor }: { actor: Actor }): Promise<AccountView> {
  const user = await platform.db.user.findUnique({
    where: { id: actor.userId },
    include: { memberships: { include: { team: true }, orderBy: { createdAt: 'asc' } } },
  });
  if (!user) throw notFound('user', actor.userId);
  const { id: userId, email, name, createdAt, updatedAt } = user;
  const teams = user.memberships.map(({ team, role }) => ({ id: team.id, name: team.name, role }));
  return { userId, email, name, createdAt, updatedAt, teams };
}
