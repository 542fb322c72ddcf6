import type { Platform } from '../platform.js';

/** Ids of an app's one-offs that were begun and have not ended: the keys of their containers. */
export async function listRunningOneOffs({ db }: Platform, { appId }: { appId: string }): Promise<string[]> {
  const rows = await db.oneOff.findMany({ where: { appId, status: 'running' }, select: { id: true } });
  return rows.map(({ id }) => id);
}
