import type { Db, Tx } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { installationTeam } from '../auth/require-installation-owner.js';
import { mayDo } from '../auth/rights.js';

/**
 * How far somebody sees the disk without naming a team: an owner of team `default` sees everything (`teamId` null), an admin of
 * any other team that team, the first of them.
 */
export async function findDiskScope(db: Db | Tx, { userId }: Actor): Promise<{ teamId: string | null }> {
  const memberships = await db.membership.findMany({
    where: { userId },
    include: { team: { select: { id: true, name: true } } },
    orderBy: { createdAt: 'asc' },
  });
  if (memberships.some(({ team, role }) => team.name === installationTeam && role === 'owner')) return { teamId: null };
  const found = memberships.find(({ role }) => mayDo(role, 'disk.clean'));
  if (!found) throw new UserError('forbidden', 'Only admins of a team see what fills the disk.');
  return { teamId: found.team.id };
}
