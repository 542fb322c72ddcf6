import type { Tx } from '@berth/db/client';
import type { Platform } from '../platform.js';

/** The app's config vars as they are now. */
export async function readConfigVars(platform: Platform, tx: Tx, appId: string): Promise<Record<string, string>> {
  const rows = await tx.configVar.findMany({ where: { appId }, orderBy: { key: 'asc' } });
  return Object.fromEntries(rows.map(({ key, value }) => [key, platform.secrets.open(value)]));
}

/** The same, sealed: what a release keeps for good. */
export async function snapshotConfig(platform: Platform, tx: Tx, appId: string): Promise<string> {
  return platform.secrets.seal(JSON.stringify(await readConfigVars(platform, tx, appId)));
}
