import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { type Platform, transaction } from '../platform.js';
import { addRestart } from './add-restart.js';

/** Replaces all instances of the current release by new ones, without a gap. Restarts that wait are superseded. */
export function restartApp(
  platform: Platform,
  { actor, app: name }: { actor: Actor; app: string },
): Promise<{ rolloutId: string }> {
  return transaction(platform, async (tx, after) => {
    const { id: appId } = await getAppFor(tx, { actor, app: name, right: 'app.restart' });
    const rollout = await addRestart(tx, after, { appId, userId: actor.userId });
    if (!rollout) throw new UserError('conflict', 'There is nothing to restart: nothing was deployed yet.');
    return rollout;
  });
}
