import type { Tx } from '@berth/db/client';
import { readConfigVars } from '../config-layers/read-config.js';
import type { Platform } from '../platform.js';

/** The app's config vars as they are now, sealed: what a release keeps for good. References are filled here. */
export async function snapshotConfig(platform: Platform, tx: Tx, appId: string): Promise<string> {
  return platform.secrets.seal(JSON.stringify(await readConfigVars(platform, tx, appId)));
}
