import { assertLease, type Lease } from '@berth/jobs/lease';
import { addJob } from '@berth/jobs/outbox';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { moveRollout } from '../rollouts/move-rollout.js';
import { moveRelease } from './move-release.js';

/**
 * A release that did not make it: nothing else changes, the old one serves on, and what its rollout started goes.
 * `error` is public. False: somebody else moved it first.
 */
export function failRelease(
  platform: Platform,
  input: { releaseId: string; rolloutId?: string | undefined; lease: Lease; error: { code: string; message: string } },
): Promise<boolean> {
  const { releaseId, rolloutId, lease, error } = input;
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const { appId } = await tx.release.findUniqueOrThrow({ where: { id: releaseId }, select: { appId: true } });
    await lockApp(tx, appId);
    const release = await moveRelease(tx, after, { releaseId, to: 'failed', error });
    if (!release) return false;
    const started = await tx.rollout.findMany({
      where: { releaseId, retiredAt: null, ...(rolloutId ? { id: rolloutId } : {}), status: { not: 'succeeded' } },
    });
    for (const rollout of started) {
      await moveRollout(tx, after, { rolloutId: rollout.id, to: 'failed', error });
      after.jobs.push(await addJob(tx, 'instances.retire', { appId, rolloutId: rollout.id }));
    }
    after.lines.push({ appId, process: 'release', text: `Release v${release.version} failed: ${error.message}` });
    return true;
  });
}
