import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import type { Role } from '../auth/rights.js';
import type { Platform } from '../platform.js';

export interface MemberView {
  userId: string;
  email: string;
  name: string;
  role: Role;
  createdAt: Date;
}

export async function listMembers(
  platform: Platform,
  { actor, team }: { actor: Actor; team: string },
): Promise<MemberView[]> {
  const { id: teamId } = await getTeamFor(platform.db, { actor, team, right: 'team.view' });
  const members = await platform.db.membership.findMany({
    where: { teamId },
    include: { user: true },
    orderBy: { createdAt: 'asc' },
  });
  return members.map(({ user, role, createdAt }) => ({
    userId: user.id,
    email: user.email,
    name: user.name,
    role,
    createdAt,
  }));
}
