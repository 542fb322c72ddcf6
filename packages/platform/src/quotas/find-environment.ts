import type { Db, Tx } from '@berth/db/client';
import { notFound, UserError } from '@berth/domain/errors';
import type { Quota } from '@berth/domain/quota';

/** An environment of a team, stable or project, by name or id. */
export async function findEnvironment(
  db: Db | Tx,
  { teamId, environment }: { teamId: string; environment: string },
): Promise<{ id: string; name: string; quota: unknown }> {
  const found = await db.environment.findFirst({
    where: { teamId, destroyedAt: null, OR: [{ name: environment }, { id: environment }] },
    select: { id: true, name: true, quota: true },
  });
  if (!found) throw notFound('environment', environment);
  return found;
}

/** What only a team has as a whole. */
export function refuseTeamLimits({ environments, diskMiB }: Quota): void {
  if (environments !== undefined || diskMiB !== undefined)
    throw new UserError('invalid_params', 'Only a team has limits of project environments and of disk.');
}
