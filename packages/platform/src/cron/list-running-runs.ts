import type { Platform } from '../platform.js';

/** Ids of an app's cron runs that were begun and have not ended: the keys of their containers. */
export async function listRunningRuns(platform: Platform, { appId }: { appId: string }): Promise<string[]> {
  const runs = await platform.db.cronRun.findMany({ where: { appId, status: 'running' }, select: { id: true } });
  return runs.map(({ id }) => id);
}
