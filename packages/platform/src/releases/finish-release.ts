import { assertLease, type Lease } from '@berth/jobs/lease';
import { syncCronJobs } from '../cron/sync-cron-jobs.js';
import { addProcessTypes } from '../formation/add-process-types.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { moveRollout } from '../rollouts/move-rollout.js';
import { readWork } from '../rollouts/read-work.js';
import { retireOthers } from '../rollouts/retire-others.js';
import { moveRelease } from './move-release.js';

/**
 * The last write of a release, after the switch: it and its rollout have succeeded, it is the app's current one, its
 * push's ref is wanted, and the other rollouts may go. False: somebody else moved it (cancelled).
 */
export function finishRelease(
  platform: Platform,
  { releaseId, rolloutId, lease }: { releaseId: string; rolloutId: string; lease: Lease },
): Promise<boolean> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const { appId } = await tx.release.findUniqueOrThrow({ where: { id: releaseId }, select: { appId: true } });
    await lockApp(tx, appId);
    const release = await moveRelease(tx, after, { releaseId, to: 'succeeded' });
    if (!release) return false;
    if (!(await moveRollout(tx, after, { rolloutId, to: 'succeeded' })))
      throw new Error(`rollout ${rolloutId} of the running release ${releaseId} is over`);
    await tx.app.update({ where: { id: appId }, data: { currentReleaseId: releaseId } });
    const work = await readWork(platform, tx, releaseId);
    await addProcessTypes(tx, appId, work?.image.processTypes ?? []);
    await syncCronJobs(tx, appId, work?.image.cron ?? []);
    if (release.pushId)
      await tx.push.updateMany({ where: { id: release.pushId, refWanted: false }, data: { refWanted: true } });
    await retireOthers(tx, after, appId, rolloutId);
    after.lines.push({ appId, process: 'release', text: `Release v${release.version} is live` });
    return true;
  });
}
