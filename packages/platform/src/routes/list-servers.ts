import type { RouterServer } from '@berth/db/generated/client';
import type { Platform } from '../platform.js';

export type { RouterServer };

/** The servers of a rollout's backend: what is wanted, and what HAProxy saw. */
export function listServers(platform: Platform, { rolloutId }: { rolloutId: string }): Promise<RouterServer[]> {
  return platform.db.routerServer.findMany({ where: { rolloutId }, orderBy: { instanceId: 'asc' } });
}
