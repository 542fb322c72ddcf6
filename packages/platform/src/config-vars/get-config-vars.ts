import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { readConfigVars } from '../config-layers/read-config.js';
import type { Platform } from '../platform.js';

/** All config vars that the app has, of every layer, by key. There are secrets among them: a viewer may not read them. */
export async function getConfigVars(
  platform: Platform,
  { actor, app: name }: { actor: Actor; app: string },
): Promise<Record<string, string>> {
  const app = await getAppFor(platform.db, { actor, app: name, right: 'app.view-config' });
  return readConfigVars(platform, platform.db, app.id);
}
