import { assertLease, type Lease } from '@berth/jobs/lease';
import { lockApp } from '../lock-app.js';
import { orNotYet } from '../or-not-yet.js';
import { type Platform, transaction } from '../platform.js';
import { endOpenSteps } from '../steps/end-open-steps.js';
import { moveRollout } from './move-rollout.js';
import { type ReleaseWork, readWork } from './read-work.js';

/**
 * The releaser takes up a rollout of its own (a restart). Undefined: it is over, or its release is not the app's current
 * one any more, whose rollout did the same. Throws NotYetError while another rollout of the app is still running.
 */
export function startRollout(
  platform: Platform,
  { rolloutId, lease }: { rolloutId: string; lease: Lease },
): Promise<(ReleaseWork & { rolloutId: string }) | undefined> {
  return orNotYet(() =>
    transaction(platform, async (tx, after) => {
      await assertLease(tx, lease);
      const found = await tx.rollout.findUnique({ where: { id: rolloutId }, select: { appId: true } });
      if (!found) return undefined;
      const app = await lockApp(tx, found.appId);
      const rollout = await tx.rollout.findUniqueOrThrow({ where: { id: rolloutId } });
      if (rollout.status !== 'running') {
        const isOver = app.destroyedAt
          ? 'cancelled'
          : app.currentReleaseId === rollout.releaseId
            ? undefined
            : 'superseded';
        const moved = await moveRollout(tx, after, { rolloutId, to: isOver ?? 'running' });
        if (!moved || isOver) return undefined;
      }
      await endOpenSteps(tx, { rolloutId }, 'Interrupted; it was started again.');
      const work = await readWork(platform, tx, rollout.releaseId);
      return work && { rolloutId, ...work };
    }),
  );
}
