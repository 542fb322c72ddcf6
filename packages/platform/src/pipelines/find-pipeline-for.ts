import type { Db, Tx } from '@berth/db/client';
import { notFound, UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { mayDo, type Right } from '../auth/rights.js';

/**
 * The pipeline by id or name, when the actor may do `right` in its team. One of a team of others is not found; a name that
 * several of the actor's teams have needs the team's, or the id.
 */
export async function findPipelineFor(
  db: Db | Tx,
  { actor, pipeline, team, right }: { actor: Actor; pipeline: string; team?: string | undefined; right: Right },
) {
  const found = await db.pipeline.findMany({
    where: {
      OR: [{ id: pipeline }, { name: pipeline }],
      team: {
        memberships: { some: { userId: actor.userId } },
        ...(team === undefined ? {} : { OR: [{ id: team }, { name: team }] }),
      },
    },
    include: { team: { include: { memberships: { where: { userId: actor.userId } } } } },
  });
  const [first, second] = found;
  const role = first?.team.memberships[0]?.role;
  if (!first || !role) throw notFound('pipeline', pipeline);
  if (second) throw new UserError('conflict', `Several of your teams have a pipeline ${pipeline}: name it by its id.`);
  if (!mayDo(role, right))
    throw new UserError('forbidden', `Your role in team ${first.team.name} (${role}) does not allow this.`);
  return first;
}
