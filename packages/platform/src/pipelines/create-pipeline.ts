import { notFound, UserError } from '@berth/domain/errors';
import { parseAppName } from '@berth/domain/names';
import type { Actor } from '../actor.js';
import { findTeam } from '../auth/find-team.js';
import { addEvent } from '../events/add-event.js';
import { listStages } from '../lines/list-stages.js';
import { lockTeam } from '../lock-team.js';
import { type Platform, transaction } from '../platform.js';
import { readPipelineView } from './get-pipeline.js';
import { insertPipelineApp } from './insert-pipeline-app.js';
import type { PipelineView } from './pipeline-view.js';

/**
 * A service's pipeline, and, when asked, its apps: in all stable environments of the team, or in those that are named. Its
 * name is the service's: what other apps call (`http://<name>.internal`). Unique in the team.
 */
export function createPipeline(
  platform: Platform,
  input: { actor: Actor; name: string; team?: string | undefined; apps?: readonly string[] | 'all' | undefined },
): Promise<PipelineView> {
  const { actor, apps = [] } = input;
  const name = parseAppName(input.name);
  return transaction(platform, async (tx, after) => {
    const { id: teamId } = await findTeam(tx, { actor, team: input.team, right: 'pipeline.create' });
    await lockTeam(tx, teamId);
    if (await tx.pipeline.findUnique({ where: { teamId_name: { teamId, name } } }))
      throw new UserError('conflict', `The team has a pipeline ${name} already.`);
    const { id: repositoryId } = await tx.repository.create({ data: {} });
    const { userId } = actor;
    const pipeline = await tx.pipeline.create({ data: { teamId, name, repositoryId, createdById: userId } });
    const { id } = pipeline;
    await addEvent(tx, { name: 'pipeline.created', noun: 'pipeline', nounId: id, teamId, userId, data: { name } });
    const stages = await listStages(tx, teamId);
    const unknown = apps === 'all' ? undefined : apps.find((one) => !stages.some((stage) => stage.name === one));
    if (unknown !== undefined) throw notFound('environment', unknown);
    for (const environment of stages)
      if (apps === 'all' || apps.includes(environment.name))
        await insertPipelineApp(tx, after, { userId, pipeline, environment, isLast: environment === stages.at(-1) });
    return readPipelineView(platform, tx, id);
  });
}
