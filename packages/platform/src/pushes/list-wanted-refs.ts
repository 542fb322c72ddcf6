import type { Platform } from '../platform.js';

export interface WantedRef {
  pushId: string;
  appId: string;
  ref: string;
  /** All zeros: the ref is to be deleted. */
  newSha: string;
}

/** Refs that apps/git is to move, in the order of their pushes; of one repository, or of all. */
export async function listWantedRefs(
  platform: Platform,
  { repositoryId }: { repositoryId?: string } = {},
): Promise<WantedRef[]> {
  const rows = await platform.db.push.findMany({
    where: { refWanted: true, refAppliedAt: null, ...(repositoryId ? { app: { repositoryId } } : {}) },
    orderBy: { sequence: 'asc' },
    select: { id: true, appId: true, ref: true, newSha: true },
  });
  return rows.map(({ id, appId, ref, newSha }) => ({ pushId: id, appId, ref, newSha }));
}
