import { UserError } from '@berth/domain/errors';
import { parseAppName } from '@berth/domain/names';
import type { Actor } from '../actor.js';
import { addEvent } from '../events/add-event.js';
import { lockTeam } from '../lock-team.js';
import { type Platform, transaction } from '../platform.js';
import { checkServiceFree } from './check-service-free.js';
import { findPipelineFor } from './find-pipeline-for.js';
import { readPipelineView } from './get-pipeline.js';
import type { PipelineView } from './pipeline-view.js';

/** From now on its apps are called by the new name, and its git remote has it; the apps keep their own names. */
export function renamePipeline(
  platform: Platform,
  { actor, pipeline, name }: { actor: Actor; pipeline: string; name: string },
): Promise<PipelineView> {
  const parsed = parseAppName(name);
  return transaction(platform, async (tx, after) => {
    const { id, teamId, ...found } = await findPipelineFor(tx, { actor, pipeline, right: 'pipeline.change' });
    if (parsed === found.name) return readPipelineView(platform, tx, id);
    await lockTeam(tx, teamId);
    if (await tx.pipeline.findUnique({ where: { teamId_name: { teamId, name: parsed } } }))
      throw new UserError('conflict', `The team has a pipeline ${parsed} already.`);
    const apps = await tx.app.findMany({ where: { pipelineId: id, destroyedAt: null } });
    for (const { id: exceptAppId, environmentId } of apps)
      await checkServiceFree(tx, { service: parsed, environmentId, exceptAppId });
    await tx.pipeline.update({ where: { id }, data: { name: parsed } });
    await tx.route.updateMany({
      where: { app: { pipelineId: id } },
      data: { service: parsed, version: { increment: 1 } },
    });
    const { userId } = actor;
    const data = { name: parsed, before: found.name };
    await addEvent(tx, { name: 'pipeline.renamed', noun: 'pipeline', nounId: id, teamId, userId, data });
    after.wake.push('routes');
    return readPipelineView(platform, tx, id);
  });
}
