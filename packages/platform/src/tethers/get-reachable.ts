import type { Db, Tx } from '@berth/db/client';
import { notFound, UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { requireRunRole } from '../auth/require-run-role.js';
import { mayDo, type Right } from '../auth/rights.js';

/** Which environment somebody means: names of stable ones are their team's, those of project ones the installation's. */
export interface WantedEnvironment {
  actor: Actor;
  /** Name or id. */
  environment: string;
  /** Where the actor is in more than one team that has a stable environment of this name. */
  team?: string | undefined;
}

/**
 * A project or stable environment, when the actor may do `right` in its team; in a stable one also no less than its policy asks of
 * deploys: who has its config, or calls its services, can do what an app there can. Others' are not found.
 */
export async function getReachable(db: Db | Tx, input: WantedEnvironment & { right: Right }) {
  const { actor, environment: name, team, right } = input;
  const isOurs = { memberships: { some: { userId: actor.userId } } };
  const found = await db.environment.findMany({
    where: {
      destroyedAt: null,
      OR: [{ name }, { id: name }],
      team: team === undefined ? isOurs : { ...isOurs, OR: [{ name: team }, { id: team }] },
    },
    include: {
      base: { select: { id: true, name: true } },
      team: { include: { memberships: { where: { userId: actor.userId } } } },
    },
    orderBy: [{ kind: 'desc' }, { createdAt: 'asc' }], // a project one's name is the only one of its kind
  });
  const [environment] = found;
  const role = environment?.team.memberships[0]?.role;
  if (!environment || !role) throw notFound('environment', name);
  if (environment.kind === 'stable' && found.length > 1)
    throw new UserError('bad_request', `Several of your teams have an environment ${name}: say which team’s.`);
  if (!mayDo(role, right))
    throw new UserError('forbidden', `Your role in team ${environment.team.name} (${role}) does not allow this.`);
  if (environment.kind === 'stable') requireRunRole({ environment, team: environment.team }, 'Reaching');
  return environment;
}
