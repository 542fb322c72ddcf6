import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { type Platform, transaction } from '../platform.js';
import type { AppView } from './app-view.js';
import { markAppDestroyed } from './mark-app-destroyed.js';
import { readAppView } from './read-app-view.js';

/**
 * The app is gone for people at once: no host answers, its name is free. Its containers and rows follow by job.
 * Returns what it was.
 */
export function destroyApp(platform: Platform, { actor, app: name }: { actor: Actor; app: string }): Promise<AppView> {
  return transaction(platform, async (tx, after) => {
    const { id: appId } = await getAppFor(tx, { actor, app: name, right: 'app.destroy' });
    const view = await readAppView(platform, tx, appId);
    await markAppDestroyed(tx, after, { appId, userId: actor.userId });
    return view;
  });
}
