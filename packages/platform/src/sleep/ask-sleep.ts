import { UserError } from '@berth/domain/errors';
import type { SleepWish } from '@berth/domain/plan-sleep';
import { isAsleep } from '@berth/domain/sleep-state';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { type Platform, transaction } from '../platform.js';
import { type SleepView, toSleepView } from './sleep-view.js';

/**
 * A person puts an app to sleep, at once as deep as he says and whatever the policy says, or wakes it; the releaser does it within a second. One with an
 * open request or a release on its way stays awake.
 */
export function askSleep(
  platform: Platform,
  { actor, app: name, wish }: { actor: Actor; app: string; wish: SleepWish },
): Promise<SleepView> {
  return transaction(platform, async (tx, after) => {
    const app = await getAppFor(tx, { actor, app: name, right: 'app.restart' });
    const { id: appId, environment } = app;
    if (app.currentReleaseId === null)
      throw new UserError('invalid_params', 'This app has no release: nothing runs that could sleep.');
    const sleep = await tx.sleep.upsert({ where: { appId }, update: {}, create: { appId } });
    const isThere = wish === 'wake' ? sleep.state === 'awake' : wish === 'sleep' && isAsleep(sleep.state);
    if (!isThere) await tx.sleep.update({ where: { appId }, data: { asked: wish } });
    else if (wish === 'wake') await tx.sleep.update({ where: { appId }, data: { asked: null } });
    after.wake.push('sleep');
    return toSleepView(sleep, environment);
  });
}
