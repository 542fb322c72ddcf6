import { type Platform, transaction } from '../platform.js';
import { renewRoute } from './renew-route.js';

/** Asks the router whether still nothing is on its way to the app, now that it is frozen. */
export function askWhetherQuiet(platform: Platform, { appId }: { appId: string }): Promise<{ version: number }> {
  return transaction(platform, (tx, after) => renewRoute(tx, after, appId));
}
