import { publicError } from '@berth/domain/errors';
import type { Lease } from '@berth/jobs/lease';
import { takeSection } from '../formation/take-section.js';
import { orNotYet } from '../or-not-yet.js';
import { type Platform, transaction } from '../platform.js';
import { checkFirstQuantities } from '../quotas/check-first-quantities.js';
import { type ReleaseWork, readWork } from '../rollouts/read-work.js';
import { endOpenSteps } from '../steps/end-open-steps.js';
import { awaitAddOns } from './await-add-ons.js';
import { awaitNeeds } from './await-needs.js';
import { isSuperseded } from './is-superseded.js';
import { lockRelease } from './lock-release.js';
import { moveRelease } from './move-release.js';

/**
 * The releaser takes up a release: it is running from here, also when it was before and its worker was killed.
 * Undefined: it is over, or something newer was accepted and it is superseded now.
 * Throws NotYetError while another release of the app is still running.
 */
export function startRelease(
  platform: Platform,
  { releaseId, lease }: { releaseId: string; lease: Lease },
): Promise<ReleaseWork | undefined> {
  return orNotYet(() =>
    transaction(platform, async (tx, after) => {
      const noRoom = await checkFirstQuantities(tx, releaseId);
      const locked = await lockRelease(tx, { releaseId, lease });
      if (!locked) return undefined;
      const { app, release } = locked;
      if (release.status === 'running') {
        await endOpenSteps(tx, { releaseId }, 'Interrupted; it was started again.');
        return readWork(platform, tx, releaseId);
      }
      if (release.status !== 'pending') return undefined;
      const isOver = app.destroyedAt ? 'cancelled' : (await isSuperseded(tx, release)) ? 'superseded' : undefined;
      const error = isOver ? undefined : ((await awaitAddOns(tx, release.appId)) ?? noRoom);
      if (error) {
        await moveRelease(tx, after, { releaseId, to: 'failed', error: publicError(error, '') });
        const text = `Release v${release.version} failed: ${error.message}`;
        after.lines.push({ appId: app.id, process: 'release', text });
        return undefined;
      }
      const line = isOver ? undefined : await awaitNeeds(tx, release);
      if (line) after.lines.push({ appId: app.id, process: 'release', text: line });
      const moved = await moveRelease(tx, after, { releaseId, to: isOver ?? 'running' });
      if (!moved || isOver) return undefined;
      await takeSection(tx, app, release);
      return readWork(platform, tx, releaseId);
    }),
  );
}
