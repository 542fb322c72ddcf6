import { branchOf } from '@berth/domain/names';
import type { Platform } from '../platform.js';

export interface WantedRef {
  pushId: string;
  appId: string;
  repositoryId: string;
  ref: string;
  /** All zeros: the ref is to be deleted. */
  newSha: string;
  /** What `git clone` of the app is to check out. */
  isDeployBranch: boolean;
}

/** Refs that apps/git is to move, in the order of their pushes; of one repository, or of all. */
export async function listWantedRefs(
  platform: Platform,
  { repositoryId }: { repositoryId?: string } = {},
): Promise<WantedRef[]> {
  const rows = await platform.db.push.findMany({
    where: { refWanted: true, refAppliedAt: null, ...(repositoryId ? { app: { repositoryId } } : {}) },
    orderBy: { sequence: 'asc' },
    select: {
      id: true,
      appId: true,
      ref: true,
      newSha: true,
      app: { select: { repositoryId: true, deployBranch: true } },
    },
  });
  return rows.map(({ id, appId, ref, newSha, app }) => ({
    pushId: id,
    appId,
    repositoryId: app.repositoryId,
    ref,
    newSha,
    isDeployBranch: branchOf(ref) === app.deployBranch,
  }));
}
