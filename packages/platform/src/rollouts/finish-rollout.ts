import { assertLease, type Lease } from '@berth/jobs/lease';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { moveRollout } from './move-rollout.js';
import { retireOthers } from './retire-others.js';

/** The last write of a restart, after the switch; the rollouts before it may go. False: somebody else moved it. */
export function finishRollout(
  platform: Platform,
  { rolloutId, lease }: { rolloutId: string; lease: Lease },
): Promise<boolean> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const { appId } = await tx.rollout.findUniqueOrThrow({ where: { id: rolloutId }, select: { appId: true } });
    await lockApp(tx, appId);
    if (!(await moveRollout(tx, after, { rolloutId, to: 'succeeded' }))) return false;
    await retireOthers(tx, after, appId, rolloutId);
    return true;
  });
}
