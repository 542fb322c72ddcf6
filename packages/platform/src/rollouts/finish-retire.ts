import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';

/** All containers of the rollout are gone (its instances are down); the router's controller may free its backend's slot. False: it was so already. */
export function finishRetire(platform: Platform, { rolloutId }: { rolloutId: string }): Promise<boolean> {
  return transaction(platform, async (tx, after) => {
    const [rollout] = await tx.rollout.updateManyAndReturn({
      where: { id: rolloutId, retiredAt: null },
      data: { retiredAt: new Date() },
    });
    if (!rollout) return false;
    const { appId } = rollout;
    await tx.routerServer.updateMany({ where: { rolloutId }, data: { wanted: 'gone' } });
    await addEvent(tx, { name: 'rollout.retired', noun: 'rollout', nounId: rolloutId, appId });
    after.wake.push('routes', `app:${appId}`);
    return true;
  });
}
