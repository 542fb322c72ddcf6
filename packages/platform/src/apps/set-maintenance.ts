import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import type { AppView } from './app-view.js';
import { readAppView } from './read-app-view.js';

/** In maintenance the router answers for the app; its processes go on. */
export function setMaintenance(
  platform: Platform,
  { actor, app: name, isOn }: { actor: Actor; app: string; isOn: boolean },
): Promise<AppView> {
  return transaction(platform, async (tx, after) => {
    const { id: appId } = await getAppFor(tx, { actor, app: name, right: 'app.set-maintenance' });
    const { count } = await tx.app.updateMany({
      where: { id: appId, maintenance: !isOn },
      data: { maintenance: isOn },
    });
    if (count > 0) {
      await tx.route.updateMany({ where: { appId }, data: { maintenance: isOn, version: { increment: 1 } } });
      const { userId } = actor;
      const data = { isOn };
      await addEvent(tx, { name: 'app.maintenance-set', noun: 'app', nounId: appId, appId, userId, data });
      after.wake.push('routes', `app:${appId}`);
      after.lines.push({ appId, process: 'api', text: `Maintenance mode is ${isOn ? 'on' : 'off'}` });
    }
    return readAppView(platform, tx, appId);
  });
}
