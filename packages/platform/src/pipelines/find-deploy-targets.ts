import type { Db, Tx } from '@berth/db/client';
import { inLine } from '../lines/list-stages.js';

/** An app that a push to a branch of its pipeline's git remote deploys. */
export interface DeployTarget {
  appId: string;
  name: string;
  environment: { id: string; name: string; kind: 'stable' | 'project' };
}

/**
 * The app that stands first in the pipeline's line: the pipeline's git remote is that app's, and its deploy branch (main or
 * master until another was set) is the pipeline's. Undefined: no stable environment has an app of it.
 */
export function findFirstApp(db: Db | Tx, pipelineId: string) {
  return db.app.findFirst({
    where: { pipelineId, destroyedAt: null, environment: { kind: 'stable' } },
    orderBy: inLine.map((order) => ({ environment: order })),
    include: { environment: true },
  });
}

/**
 * What a push to a branch of the pipeline deploys: the first stable environment's app when it is its deploy branch, and
 * the project environments' apps whose deploy branch it is.
 */
export async function findDeployTargets(
  db: Db | Tx,
  { pipelineId, branch }: { pipelineId: string; branch: string },
): Promise<DeployTarget[]> {
  const first = await findFirstApp(db, pipelineId);
  const isMain = first?.deployBranch ? first.deployBranch === branch : branch === 'main' || branch === 'master';
  const projects = await db.app.findMany({
    where: { pipelineId, destroyedAt: null, deployBranch: branch, environment: { kind: 'project', destroyedAt: null } },
    orderBy: { name: 'asc' },
    include: { environment: true },
  });
  return [...(first && isMain ? [first] : []), ...projects].map(({ id, name, environment }) => ({
    appId: id,
    name,
    environment: { id: environment.id, name: environment.name, kind: environment.kind },
  }));
}
