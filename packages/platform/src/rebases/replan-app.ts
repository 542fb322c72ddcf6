import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import { moveRebaseApp } from './move-rebase-app.js';
import type { PlannedApp } from './save-plan.js';

/** Something newer was released while the rebase was under way: what is to become of that. */
export async function replanApp(
  platform: Platform,
  input: { rebaseAppId: string; imageId: string; outcome: PlannedApp['outcome']; lease: Lease },
): Promise<void> {
  const { rebaseAppId: id, imageId, outcome, lease } = input;
  await transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    await tx.rebaseApp.updateMany({
      where: { id, status: 'planned' },
      data: {
        fromImageId: imageId,
        toImageId: null,
        changes: outcome.kind === 'move' ? outcome.changes : {},
      },
    });
    if (outcome.kind === 'unchanged') await moveRebaseApp(tx, after, { id, to: 'unchanged' });
    if (outcome.kind === 'refused') await moveRebaseApp(tx, after, { id, to: 'refused', message: outcome.because });
  });
}
