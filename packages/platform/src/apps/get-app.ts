import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import type { Platform } from '../platform.js';
import type { AppView } from './app-view.js';
import { readAppView } from './read-app-view.js';

export type { AppView };

/** @param app name or id */
export async function getApp(
  platform: Platform,
  { actor, app: name }: { actor: Actor; app: string },
): Promise<AppView> {
  const { id } = await getAppFor(platform.db, { actor, app: name, right: 'app.view' });
  return readAppView(platform, platform.db, id);
}
