import { UserError } from '@berth/domain/errors';
import { parseStageName } from '@berth/domain/names';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import { addEvent } from '../events/add-event.js';
import { lockTeam } from '../lock-team.js';
import { type Platform, transaction } from '../platform.js';
import { type EnvironmentView, environmentViewInclude, toEnvironmentView } from './environment-view.js';
import { putInLine } from './put-in-line.js';

/** The last environment of the line stays the last one unless somebody says otherwise: it is where people's apps are. */
const beforeTheLast = (count: number) => Math.max(0, count - 1);

/** A stable environment more, at a place of the line (from 0), else just before the last one. */
export function createEnvironment(
  platform: Platform,
  { actor, team, name, position }: { actor: Actor; team: string; name: string; position?: number | undefined },
): Promise<EnvironmentView> {
  const parsed = parseStageName(name);
  return transaction(platform, async (tx) => {
    const { id: teamId } = await getTeamFor(tx, { actor, team, right: 'environment.change' });
    await lockTeam(tx, teamId);
    const others = await tx.environment.findMany({ where: { teamId } });
    if (others.some((other) => other.name === parsed))
      throw new UserError('conflict', `The team has an environment ${parsed} already.`);
    const { id } = await tx.environment.create({ data: { teamId, name: parsed } });
    const count = others.filter(({ kind }) => kind === 'stable').length;
    await putInLine(tx, { teamId, environmentId: id, position: position ?? beforeTheLast(count) });
    const { userId } = actor;
    const data = { name: parsed };
    await addEvent(tx, { name: 'environment.created', noun: 'environment', nounId: id, teamId, userId, data });
    return toEnvironmentView(
      await tx.environment.findUniqueOrThrow({ where: { id }, include: environmentViewInclude }),
    );
  });
}
