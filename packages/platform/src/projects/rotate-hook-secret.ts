import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { newHookSecret } from './set-pull-request-hook.js';

/** A new secret of a team's hook, shown this once; the one before it holds no longer, and all else stays as it is. */
export function rotateHookSecret(platform: Platform, { actor, team }: { actor: Actor; team: string }): Promise<string> {
  return transaction(platform, async (tx) => {
    const { id: teamId, name } = await getTeamFor(tx, { actor, team, right: 'environment.change' });
    const secret = newHookSecret();
    const { count } = await tx.pullRequestHook.updateMany({
      where: { teamId },
      data: { secret: platform.secrets.seal(secret) },
    });
    if (count === 0) throw notFound('pull_request_hook', name);
    await addEvent(tx, {
      ...{ name: 'pull-request-hook.rotated', noun: 'team', nounId: teamId, teamId, userId: actor.userId },
    });
    return secret;
  });
}
