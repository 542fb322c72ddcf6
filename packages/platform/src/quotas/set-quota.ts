import { notFound, UserError } from '@berth/domain/errors';
import type { Quota } from '@berth/domain/quota';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import { findDiskScope } from '../disk/find-disk-scope.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { findEnvironment } from './find-environment.js';

/** Sets all limits of a team anew; a name that is left out has none. Only who owns the installation gives room to teams. */
export function setTeamQuota(
  platform: Platform,
  { actor, team: name, limits }: { actor: Actor; team: string; limits: Quota },
): Promise<Quota> {
  return transaction(platform, async (tx) => {
    const { teamId: scope } = await findDiskScope(tx, actor);
    if (scope !== null) throw new UserError('forbidden', 'Only owners of team default give quotas to teams.');
    const found = await tx.team.findFirst({ where: { OR: [{ name }, { id: name }] } });
    if (!found) throw notFound('team', name);
    await tx.team.update({ where: { id: found.id }, data: { quota: limits } });
    const event = { name: 'team.quota-changed', noun: 'team', nounId: found.id, teamId: found.id };
    await addEvent(tx, { ...event, userId: actor.userId, data: limits });
    return limits;
  });
}

/** Sets all limits of an environment anew, by the team's admins. */
export function setEnvironmentQuota(
  platform: Platform,
  input: { actor: Actor; team: string; environment: string; limits: Quota },
): Promise<Quota> {
  const { actor, limits } = input;
  return transaction(platform, async (tx) => {
    refuseTeamLimits(limits);
    const { id: teamId } = await getTeamFor(tx, { actor, team: input.team, right: 'environment.change' });
    const { id } = await findEnvironment(tx, { teamId, environment: input.environment });
    await tx.environment.update({ where: { id }, data: { quota: limits } });
    const event = { name: 'environment.quota-changed', noun: 'environment', nounId: id, teamId };
    await addEvent(tx, { ...event, userId: actor.userId, data: limits });
    return limits;
  });
}

/** What only a team has as a whole. */
function refuseTeamLimits({ environments }: Quota): void {
  if (environments !== undefined)
    throw new UserError('invalid_params', 'Only a team has a limit of project environments.');
}
