import type { Db, Tx } from '@berth/db/client';
import { type ResolvedVar, resolveConfig } from '@berth/domain/resolve-config';
import type { Platform } from '../platform.js';
import { readConfigApps } from './read-config-apps.js';

/** The app's config vars as they are now, with where each comes from. Throws the UserError of a reference that leads nowhere. */
export async function readConfig(platform: Platform, db: Db | Tx, appId: string): Promise<Map<string, ResolvedVar>> {
  return resolveConfig(await readConfigApps(platform, db, appId), appId);
}

/** The same, keys and values only: a process's environment. */
export async function readConfigVars(platform: Platform, db: Db | Tx, appId: string): Promise<Record<string, string>> {
  const resolved = await readConfig(platform, db, appId);
  return Object.fromEntries([...resolved].map(([key, { value }]) => [key, value]));
}
