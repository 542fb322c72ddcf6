import { findFirstApp } from '../pipelines/find-deploy-targets.js';
import type { Platform } from '../platform.js';

/** A service of an environment that goes when its branches are merged; its branch was ahead of main when it was deployed. */
export interface Unmerged {
  appId: string;
  wish: number;
  commit: string;
}

/** What may be contained in a new main of the pipeline that `appId` stands first in; none for any other app. */
export async function listUnmerged({ db }: Platform, { appId }: { appId: string }): Promise<Unmerged[]> {
  const app = await db.app.findUnique({ where: { id: appId }, select: { pipelineId: true } });
  if (!app?.pipelineId || (await findFirstApp(db, app.pipelineId))?.id !== appId) return [];
  const rows = await db.projectService.findMany({
    where: {
      ...{ branch: { not: null }, isAhead: true, mergedAt: null },
      app: { pipelineId: app.pipelineId, destroyedAt: null, environment: { untilMerged: true } },
    },
    select: { appId: true, wish: true, commit: true },
  });
  return rows.flatMap(({ commit, ...row }) => (commit === null ? [] : [{ ...row, commit }]));
}
