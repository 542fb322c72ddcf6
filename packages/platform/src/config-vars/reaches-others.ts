import type { Tx } from '@berth/db/client';
import type { App } from '@berth/db/generated/client';

/** Whether another app's config may hold what this app's own layer has: by a reference, or as the app's project instance. */
export async function reachesOthers(tx: Tx, { id, teamId, pipelineId, environmentId }: App): Promise<boolean> {
  const isReference = true;
  if (pipelineId && (await tx.app.count({ where: { pipelineId, environment: { baseId: environmentId } } })) > 0)
    return true;
  if ((await tx.configVar.count({ where: { isReference, app: { teamId, id: { not: id } } } })) > 0) return true;
  if ((await tx.environmentConfigVar.count({ where: { isReference, environment: { teamId } } })) > 0) return true;
  return (await tx.teamConfigVar.count({ where: { isReference, teamId } })) > 0;
}
