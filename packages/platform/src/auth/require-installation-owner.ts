import type { Db, Tx } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';

/** The team that the first admin owns: its owners answer for the whole installation. */
export const installationTeam = 'default';

/** Whether somebody answers for the whole installation. */
export const ownsInstallation = ({ db }: Platform, { actor }: { actor: Actor }): Promise<boolean> => isOwner(db, actor);

async function isOwner(db: Db | Tx, { userId }: Actor): Promise<boolean> {
  const where = { userId, role: 'owner' as const, team: { name: installationTeam } };
  return (await db.membership.count({ where })) > 0;
}

/** Refuses everybody but those who answer for the whole installation. */
export async function requireInstallationOwner(db: Db | Tx, actor: Actor): Promise<void> {
  if (!(await isOwner(db, actor)))
    throw new UserError('forbidden', `Only owners of team ${installationTeam} see the host.`);
}
