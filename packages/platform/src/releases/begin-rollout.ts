import type { FormationEntry } from '@berth/domain/formation';
import type { Lease } from '@berth/jobs/lease';
import { readFormation } from '../formation/read-formation.js';
import { orNotYet } from '../or-not-yet.js';
import { type Platform, transaction } from '../platform.js';
import { moveRollout } from '../rollouts/move-rollout.js';
import { readWork } from '../rollouts/read-work.js';
import { endOpenSteps } from '../steps/end-open-steps.js';
import { isSuperseded } from './is-superseded.js';
import { lockRelease } from './lock-release.js';
import { moveRelease } from './move-release.js';

/**
 * After the release phase: the rollout of a running release, a new one or, after a crash, the one that was running.
 * `formation` is as scaled by now. Undefined: the release is over, or something newer was accepted meanwhile.
 */
export function beginRollout(
  platform: Platform,
  { releaseId, lease }: { releaseId: string; lease: Lease },
): Promise<{ rolloutId: string; formation: FormationEntry[] } | undefined> {
  return orNotYet(() =>
    transaction(platform, async (tx, after) => {
      const locked = await lockRelease(tx, { releaseId, lease });
      if (!locked) return undefined;
      const { app, release } = locked;
      if (release.status !== 'running') return undefined;
      const work = await readWork(platform, tx, releaseId);
      const formation = await readFormation(tx, release.appId, work?.image.processTypes ?? []);
      const begun = await tx.rollout.findFirst({ where: { releaseId, status: 'running' } });
      if (begun) {
        await endOpenSteps(tx, { rolloutId: begun.id }, 'Interrupted; it was started again.');
        return { rolloutId: begun.id, formation };
      }
      const isOver = app.destroyedAt ? 'cancelled' : (await isSuperseded(tx, release)) ? 'superseded' : undefined;
      if (isOver) {
        await moveRelease(tx, after, { releaseId, to: isOver });
        return undefined;
      }
      const rollout = await tx.rollout.create({ data: { appId: release.appId, releaseId, reason: 'release' } });
      await moveRollout(tx, after, { rolloutId: rollout.id, to: 'running' });
      return { rolloutId: rollout.id, formation };
    }),
  );
}
