import type { ReleaseStatus } from '@berth/domain/status';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import { moveRebaseApp } from './move-rebase-app.js';

/** How far a rebase is. */
export interface RebaseProgress {
  /** Releases that are not over. */
  releasing: { releaseId: string }[];
  failed: { app: string; message: string }[];
}

/** What became of the releases of a rebase: those that are over end their app's part in it. */
export function settleApps(
  platform: Platform,
  { rebaseId, lease }: { rebaseId: string; lease: Lease },
): Promise<RebaseProgress> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const rows = await tx.rebaseApp.findMany({
      where: { rebaseId, status: { in: ['releasing', 'failed'] } },
      include: { release: true, app: { select: { name: true } } },
    });
    const progress: RebaseProgress = { releasing: [], failed: [] };
    for (const { id, status, release, app, message } of rows) {
      const to = status === 'failed' ? 'failed' : endOf(release?.status);
      if (!to) {
        progress.releasing.push({ releaseId: release!.id });
        continue;
      }
      const why = message ?? release?.errorMessage ?? 'The release failed.';
      if (to === 'failed') progress.failed.push({ app: app.name, message: why });
      if (status !== 'failed') await moveRebaseApp(tx, after, { id, to, ...(to === 'failed' ? { message: why } : {}) });
    }
    return progress;
  });
}

/** A release that something newer replaced is no failure of the rebase. Undefined: it is not over. */
function endOf(status: ReleaseStatus | undefined) {
  if (status === 'pending' || status === 'running') return undefined;
  return status === 'succeeded' || status === 'failed' ? status : 'superseded';
}
