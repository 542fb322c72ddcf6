import { assertLease, type Lease } from '@berth/jobs/lease';
import { addJob } from '@berth/jobs/outbox';
import { type Platform, transaction } from '../platform.js';
import { moveRollout } from './move-rollout.js';

/** A restart that did not make it: the old instances serve on, the new ones go. False: somebody else moved it first. */
export function failRollout(
  platform: Platform,
  { rolloutId, lease, error }: { rolloutId: string; lease: Lease; error: { code: string; message: string } },
): Promise<boolean> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const rollout = await moveRollout(tx, after, { rolloutId, to: 'failed', error });
    if (!rollout) return false;
    const { appId } = rollout;
    after.jobs.push(await addJob(tx, 'instances.retire', { appId, rolloutId }));
    after.lines.push({ appId, process: 'api', text: `Restart failed: ${error.message}` });
    return true;
  });
}
