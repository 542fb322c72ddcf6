import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { type Platform, transaction } from '../platform.js';
import { findRebaseFor } from './find-rebase-for.js';
import { moveRebase } from './move-rebase.js';
import { skipRest } from './skip-rest.js';

/** No further wave begins; releases that were made go on to their own end. */
export async function cancelRebase(
  platform: Platform,
  { actor, rebase: id }: { actor: Actor; rebase: string },
): Promise<void> {
  const { userId } = await findRebaseFor(platform, { actor, rebase: id });
  if (userId !== actor.userId) throw new UserError('forbidden', 'Only who started a rebase may cancel it.');
  await transaction(platform, async (tx, after) => {
    const moved = await moveRebase(tx, after, { rebaseId: id, to: 'cancelled', userId: actor.userId });
    if (!moved) throw new UserError('conflict', 'The rebase is over.');
    await skipRest(tx, after, { rebaseId: id, message: 'The rebase was cancelled.' });
  });
}
