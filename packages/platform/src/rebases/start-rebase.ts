import { UserError } from '@berth/domain/errors';
import type { RebaseWish } from '@berth/domain/rebase';
import { addJob } from '@berth/jobs/outbox';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { getTeamFor } from '../auth/get-team-for.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';

/** Apps whose releases roll out side by side when nobody says otherwise: a host starts that many without noticing. */
const waveSizeDefault = 5;
const waveSizeMax = 100;

/**
 * Asks for a rebase; the builder plans it and, unless it is a dry run, carries it out. It reaches the apps that the actor may
 * rebase, or those of them that the wish names.
 */
export function startRebase(
  platform: Platform,
  input: { actor: Actor; wish: RebaseWish; dryRun: boolean; waveSize?: number },
): Promise<{ id: string }> {
  const { actor, wish, dryRun, waveSize = waveSizeDefault } = input;
  if (waveSize < 1 || waveSize > waveSizeMax)
    throw new UserError('invalid_params', `wave_size: 1 to ${waveSizeMax} apps.`);
  return transaction(platform, async (tx, after) => {
    for (const app of wish.apps ?? []) await getAppFor(tx, { actor, app, right: 'app.rebase' });
    if (wish.team) await getTeamFor(tx, { actor, team: wish.team, right: 'app.rebase' });
    const { id } = await tx.rebase.create({ data: { userId: actor.userId, wish, dryRun, waveSize } });
    const data = { dryRun };
    await addEvent(tx, { name: 'rebase.pending', noun: 'rebase', nounId: id, userId: actor.userId, data });
    after.jobs.push(await addJob(tx, 'rebase.run', { rebaseId: id }));
    after.wake.push(`rebase:${id}`);
    return { id };
  });
}
