import { assertLease, type Lease } from '@berth/jobs/lease';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';

/** The last write of a volume's growth: it has this plan, or `errorMessage` (public) says why not. A larger wish of meanwhile stays. */
export function finishGrowth(
  platform: Platform,
  { addOnId, plan, lease, errorMessage }: { addOnId: string; plan: string; lease: Lease; errorMessage?: string },
): Promise<void> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const hasFailed = errorMessage !== undefined;
    if (!hasFailed) await tx.addOn.updateMany({ where: { id: addOnId }, data: { plan } });
    const [addOn] = await tx.addOn.updateManyAndReturn({
      where: { id: addOnId, wantedPlan: plan },
      data: { wantedPlan: null, ...(hasFailed ? { errorMessage } : {}) },
    });
    if (!addOn) return;
    const { name, teamId, appId } = addOn;
    await addEvent(tx, {
      ...{ name: hasFailed ? 'add-on.not-grown' : 'add-on.grown', noun: 'add-on', nounId: addOnId, teamId },
      ...(appId ? { appId } : {}),
      data: { name, plan },
    });
    if (appId) after.wake.push(`app:${appId}`);
  });
}
