import type { Db, Tx } from '@berth/db/client';
import { notFound } from '@berth/domain/errors';

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
