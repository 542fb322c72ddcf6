import type { Db, Tx } from '@berth/db/client';

/** The order of a team's stable environments. */
export const inLine = [{ position: 'asc' }, { createdAt: 'asc' }] as const satisfies object[];

/** A team's stable environments in their order: the first takes pushes, the last is where an app goes that names none. */
export function listStages(db: Db | Tx, teamId: string) {
  return db.environment.findMany({ where: { teamId, kind: 'stable' }, orderBy: [...inLine] });
}
