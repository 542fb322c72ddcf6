import { type RebaseWish, rebaseWish } from '@berth/domain/rebase';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import { moveRebase } from './move-rebase.js';

/** What the builder needs to go on with a rebase. */
export interface RebaseWork {
  id: string;
  wish: RebaseWish;
  dryRun: boolean;
  waveSize: number;
  isPlanned: boolean;
}

/** The builder takes up a rebase, or goes on with it after a wave or a kill. Undefined: it is over. */
export function takeUpRebase(
  platform: Platform,
  { rebaseId, lease }: { rebaseId: string; lease: Lease },
): Promise<RebaseWork | undefined> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    await moveRebase(tx, after, { rebaseId, to: 'running' });
    const rebase = await tx.rebase.findUnique({ where: { id: rebaseId } });
    if (rebase?.status !== 'running') return undefined;
    const { id, dryRun, waveSize, plannedAt } = rebase;
    return { id, wish: rebaseWish.parse(rebase.wish), dryRun, waveSize, isPlanned: plannedAt !== null };
  });
}
