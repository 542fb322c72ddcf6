import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { type SleepView, toSleepView } from './sleep-view.js';

/** An app that never sleeps whatever its environment's policy says, or one that sleeps as that says. */
export function setSleepExemption(
  platform: Platform,
  { actor, app: name, isExempt }: { actor: Actor; app: string; isExempt: boolean },
): Promise<SleepView> {
  return transaction(platform, async (tx, after) => {
    const { id: appId, environment } = await getAppFor(tx, { actor, app: name, right: 'app.scale' });
    const sleep = await tx.sleep.upsert({ where: { appId }, update: { isExempt }, create: { appId, isExempt } });
    const { userId } = actor;
    const data = { isExempt };
    await addEvent(tx, { name: 'app.sleep-set', noun: 'app', nounId: appId, appId, userId, data });
    after.wake.push('sleep', 'routes');
    return toSleepView(sleep, environment);
  });
}
