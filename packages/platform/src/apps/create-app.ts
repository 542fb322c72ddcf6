import { notFound, UserError } from '@berth/domain/errors';
import { parseAppName } from '@berth/domain/names';
import type { Actor } from '../actor.js';
import { findTeam } from '../auth/find-team.js';
import { listStages } from '../lines/list-stages.js';
import { type Platform, transaction } from '../platform.js';
import type { AppView } from './app-view.js';
import { insertApp } from './insert-app.js';
import { readAppView } from './read-app-view.js';

/**
 * An app in a stable environment of the team (of the actor's first team that allows it, when none is named): the one that
 * is named, else the last, where people look for it (decision 0015). It has a repository of its own. Its name is unique in
 * the installation; without one it gets a random one.
 */
export async function createApp(
  platform: Platform,
  input: { actor: Actor; name?: string | undefined; team?: string | undefined; environment?: string | undefined },
): Promise<AppView> {
  const { actor } = input;
  const name = input.name === undefined ? undefined : parseAppName(input.name);
  return transaction(platform, async (tx, after) => {
    const team = await findTeam(tx, { actor, team: input.team, right: 'app.create' });
    const stages = await listStages(tx, team.id);
    const wanted = input.environment;
    const environment =
      wanted === undefined ? stages.at(-1) : stages.find((one) => [one.id, one.name].includes(wanted));
    if (!environment && wanted !== undefined) throw notFound('environment', wanted);
    if (!environment) throw new UserError('conflict', `Team ${team.name} has no environment for apps.`);
    const { id: repositoryId } = await tx.repository.create({ data: {} });
    const of = { userId: actor.userId, teamId: team.id, environmentId: environment.id, repositoryId };
    return readAppView(platform, tx, await insertApp(tx, after, { ...of, name }));
  });
}
