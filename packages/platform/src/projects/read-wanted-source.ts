import { findFirstApp } from '../pipelines/find-deploy-targets.js';
import type { Platform } from '../platform.js';

/** What apps/git is to look up for a service that waits for it. */
export interface WantedSource {
  appId: string;
  wish: number;
  repositoryId: string;
  service: string;
  branch: string | null;
  /** 7 to 40 hex digits. */
  commit: string | null;
  /** Apps whose git namespaces are asked for the branch, in this order: the pipeline's remote, the base's app, the app itself. */
  namespaces: string[];
  /** The pipeline's remote and main branch, when it has one. */
  main: { appId: string; branch: string } | undefined;
}

/** Undefined: nothing is wanted (any more). */
export async function readWantedSource(
  platform: Platform,
  { appId }: { appId: string },
): Promise<WantedSource | undefined> {
  const row = await platform.db.projectService.findFirst({
    where: { appId, status: 'pending', app: { destroyedAt: null } },
    include: { app: { include: { pipeline: true, environment: { select: { baseId: true } } } } },
  });
  if (!row?.app.pipeline) return undefined;
  const { wish, branch, commit, app } = row;
  const base = await platform.db.app.findFirst({
    where: { pipelineId: app.pipelineId, environmentId: app.environment.baseId ?? '', destroyedAt: null },
    select: { id: true },
  });
  const first = await findFirstApp(platform.db, row.app.pipeline.id);
  return {
    ...{ appId, wish, branch, commit },
    repositoryId: app.repositoryId,
    service: row.app.pipeline.name,
    namespaces: [...new Set([...(first ? [first.id] : []), ...(base ? [base.id] : []), appId])],
    main: first?.deployBranch ? { appId: first.id, branch: first.deployBranch } : undefined,
  };
}
