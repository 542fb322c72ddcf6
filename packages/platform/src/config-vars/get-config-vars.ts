import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import type { Platform } from '../platform.js';
import { readConfigVars } from '../releases/snapshot-config.js';

/** The app's config vars, by key. They are secrets: a viewer may not read them. */
export async function getConfigVars(
  platform: Platform,
  { actor, app: name }: { actor: Actor; app: string },
): Promise<Record<string, string>> {
  const app = await getAppFor(platform.db, { actor, app: name, right: 'app.view-config' });
  return readConfigVars(platform, platform.db, app.id);
}
