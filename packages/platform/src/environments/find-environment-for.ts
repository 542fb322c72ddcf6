import type { Db, Tx } from '@berth/db/client';
import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import type { Right } from '../auth/rights.js';
import { environmentViewInclude } from './environment-view.js';

/** A stable environment of a team by name or id, when the actor may do `right` in the team. */
export async function findEnvironmentFor(
  db: Db | Tx,
  { actor, team, environment, right }: { actor: Actor; team: string; environment: string; right: Right },
) {
  const { id: teamId } = await getTeamFor(db, { actor, team, right });
  const found = await db.environment.findFirst({
    where: { teamId, kind: 'stable', OR: [{ name: environment }, { id: environment }] },
    include: environmentViewInclude,
  });
  if (!found) throw notFound('environment', environment);
  return found;
}
