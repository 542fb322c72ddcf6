import type { Tx } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';
import { parseAppName } from '@berth/domain/names';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import { mayDo } from '../auth/rights.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import type { AppView } from './app-view.js';
import { randomAppName } from './random-name.js';
import { readAppView } from './read-app-view.js';

/**
 * An app in the first stable environment of the team (of the actor's first team that allows it, when none is named),
 * with a repository of its own. Its name is unique in the installation; without one it gets a random one.
 */
export async function createApp(
  platform: Platform,
  input: { actor: Actor; name?: string | undefined; team?: string | undefined },
): Promise<AppView> {
  const { actor } = input;
  const wanted = input.name === undefined ? undefined : parseAppName(input.name);
  return transaction(platform, async (tx, after) => {
    const team = await findTeam(tx, actor, input.team);
    const environment = await tx.environment.findFirst({
      where: { teamId: team.id, kind: 'stable' },
      orderBy: [{ position: 'asc' }, { createdAt: 'asc' }],
    });
    if (!environment) throw new UserError('conflict', `Team ${team.name} has no environment for apps.`);
    const repository = await tx.repository.create({ data: {} });
    const name = await takeName(tx, wanted, {
      teamId: team.id,
      environmentId: environment.id,
      repositoryId: repository.id,
      createdById: actor.userId,
    });
    const { id: appId } = await tx.app.findUniqueOrThrow({ where: { name }, select: { id: true } });
    await tx.route.create({ data: { appId, hosts: [name], service: name } });
    const { userId } = actor;
    await addEvent(tx, { name: 'app.created', noun: 'app', nounId: appId, appId, userId, data: { name } });
    after.wake.push('routes', `app:${appId}`);
    return readAppView(platform, tx, appId);
  });
}

async function findTeam(tx: Tx, actor: Actor, team: string | undefined): Promise<{ id: string; name: string }> {
  if (team !== undefined) return getTeamFor(tx, { actor, team, right: 'app.create' });
  const memberships = await tx.membership.findMany({
    where: { userId: actor.userId },
    include: { team: true },
    orderBy: { createdAt: 'asc' },
  });
  const found = memberships.find(({ role }) => mayDo(role, 'app.create'));
  if (!found) throw new UserError('forbidden', 'You have no team in which you may create apps.');
  return found.team;
}

/** Inserts the app; the unique index decides who has a name. */
async function takeName(
  tx: Tx,
  wanted: string | undefined,
  app: { teamId: string; environmentId: string; repositoryId: string; createdById: string },
): Promise<string> {
  for (let tries = 0; tries < 10; tries += 1) {
    const name = wanted ?? randomAppName();
    const { count } = await tx.app.createMany({ data: [{ ...app, name }], skipDuplicates: true });
    if (count === 1) return name;
    if (wanted !== undefined) throw new UserError('conflict', `Name ${wanted} is already taken.`);
  }
  throw new Error('no free random name in 10 tries');
}
