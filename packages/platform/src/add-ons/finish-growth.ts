import { volumeBytes } from '@berth/domain/add-on-plans';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';

/**
 * The last write of a volume's growth: it has this plan, also when the wish was withdrawn meanwhile, or `errorMessage` (public) says
 * why not. A larger wish of meanwhile stays; a smaller one, made after that, is fulfilled.
 */
export function finishGrowth(
  platform: Platform,
  { addOnId, plan, lease, errorMessage }: { addOnId: string; plan: string; lease: Lease; errorMessage?: string },
): Promise<void> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    await tx.$queryRaw`SELECT 1 FROM "AddOn" WHERE "id" = ${addOnId} FOR UPDATE`;
    const addOn = await tx.addOn.findUnique({ where: { id: addOnId } });
    if (!addOn) return;
    const { name, teamId, appId, wantedPlan } = addOn;
    const hasFailed = errorMessage !== undefined;
    if (hasFailed && wantedPlan !== plan) return; // nobody waits for it any more
    const isFulfilled = wantedPlan === null || volumeBytes(wantedPlan) <= volumeBytes(plan);
    await tx.addOn.update({
      where: { id: addOnId },
      data: { ...(hasFailed ? { errorMessage } : { plan }), ...(isFulfilled ? { wantedPlan: null } : {}) },
    });
    await addEvent(tx, {
      ...{ name: hasFailed ? 'add-on.not-grown' : 'add-on.grown', noun: 'add-on', nounId: addOnId, teamId },
      ...(appId ? { appId } : {}),
      data: { name, plan },
    });
    if (appId) after.wake.push(`app:${appId}`);
  });
}
