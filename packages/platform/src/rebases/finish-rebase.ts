import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import { moveRebase } from './move-rebase.js';
import { skipRest } from './skip-rest.js';

/** The last write of a rebase. With an error what it had not begun is skipped. False: somebody else moved it (cancelled). */
export function finishRebase(
  platform: Platform,
  input: { rebaseId: string; lease: Lease; error?: { code: string; message: string } },
): Promise<boolean> {
  const { rebaseId, lease, error } = input;
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const moved = await moveRebase(tx, after, {
      rebaseId,
      to: error ? 'failed' : 'succeeded',
      ...(error ? { error } : {}),
    });
    if (moved && error) await skipRest(tx, after, { rebaseId, message: error.message });
    return moved !== undefined;
  });
}
