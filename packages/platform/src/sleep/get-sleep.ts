import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import type { Platform } from '../platform.js';
import { type SleepView, toSleepView } from './sleep-view.js';

/** Where an app stands on the ladder of sleep, how long it has slept and what that has saved. */
export async function getSleep(platform: Platform, { actor, app }: { actor: Actor; app: string }): Promise<SleepView> {
  const { id: appId, environment } = await getAppFor(platform.db, { actor, app, right: 'app.view' });
  return toSleepView(await platform.db.sleep.findUnique({ where: { appId } }), environment);
}
