import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import type { Platform } from '../platform.js';
import { type OneOffView, readOneOffViews } from './one-off-view.js';

export type { OneOffView };

/** An app's commands that wait to begin or run. */
export async function listOneOffs(
  { db }: Platform,
  { actor, app }: { actor: Actor; app: string },
): Promise<OneOffView[]> {
  const { id: appId } = await getAppFor(db, { actor, app, right: 'app.view' });
  return readOneOffViews(db, { appId, status: { in: ['pending', 'running'] } });
}
