import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import { inLine } from '../lines/list-stages.js';
import type { Platform } from '../platform.js';
import { type EnvironmentView, environmentViewInclude, toEnvironmentView } from './environment-view.js';

export type { EnvironmentView };

/** The stable environments of a team, in their order. */
export async function listEnvironments(
  { db }: Platform,
  { actor, team }: { actor: Actor; team: string },
): Promise<EnvironmentView[]> {
  const { id: teamId } = await getTeamFor(db, { actor, team, right: 'team.view' });
  const rows = await db.environment.findMany({
    where: { teamId, kind: 'stable' },
    orderBy: [...inLine],
    include: environmentViewInclude,
  });
  return rows.map(toEnvironmentView);
}
