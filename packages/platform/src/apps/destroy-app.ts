import { addJob } from '@berth/jobs/outbox';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { addEvent } from '../events/add-event.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import type { AppView } from './app-view.js';
import { readAppView } from './read-app-view.js';

/**
 * The app is gone for people at once: no host answers, its name is free. Its containers and rows follow by job.
 * Returns what it was.
 */
export function destroyApp(platform: Platform, { actor, app: name }: { actor: Actor; app: string }): Promise<AppView> {
  return transaction(platform, async (tx, after) => {
    const { id: appId } = await getAppFor(tx, { actor, app: name, right: 'app.destroy' });
    const app = await lockApp(tx, appId);
    const view = await readAppView(platform, tx, appId);
    await tx.app.update({
      where: { id: appId },
      data: { destroyedAt: new Date(), name: `${app.name}~${appId}` }, // no name that a person may type
    });
    await tx.route.deleteMany({ where: { appId } });
    const { userId } = actor;
    await addEvent(tx, { name: 'app.destroyed', noun: 'app', nounId: appId, appId, userId, data: { name: app.name } });
    after.jobs.push(await addJob(tx, 'app.destroy', { appId }));
    after.wake.push('routes', 'instances', `app:${appId}`);
    return view;
  });
}
