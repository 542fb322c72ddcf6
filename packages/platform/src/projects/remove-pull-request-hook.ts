import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';

/** From now on nothing is made of pull requests and pushed branches; what is there stays until its time is over. */
export function removePullRequestHook(
  platform: Platform,
  { actor, team }: { actor: Actor; team: string },
): Promise<void> {
  return transaction(platform, async (tx) => {
    const { id: teamId, name } = await getTeamFor(tx, { actor, team, right: 'environment.change' });
    const { count } = await tx.pullRequestHook.deleteMany({ where: { teamId } });
    if (count === 0) throw notFound('pull_request_hook', name);
    await addEvent(tx, {
      ...{ name: 'pull-request-hook.removed', noun: 'team', nounId: teamId, teamId, userId: actor.userId },
    });
  });
}
