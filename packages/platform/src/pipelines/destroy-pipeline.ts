import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { addEvent } from '../events/add-event.js';
import { lockTeam } from '../lock-team.js';
import { type Platform, transaction } from '../platform.js';
import { findPipelineFor } from './find-pipeline-for.js';
import { readPipelineView } from './get-pipeline.js';
import type { PipelineView } from './pipeline-view.js';
import { uncouple } from './uncouple.js';

/** The pipeline goes, its apps stay, as at Heroku; not while a project environment has an app of it. Returns what it was. */
export function destroyPipeline(
  platform: Platform,
  { actor, pipeline }: { actor: Actor; pipeline: string },
): Promise<PipelineView> {
  return transaction(platform, async (tx, after) => {
    const found = await findPipelineFor(tx, { actor, pipeline, right: 'pipeline.destroy' });
    const { id, teamId, name, repositoryId } = found;
    await lockTeam(tx, teamId);
    const view = await readPipelineView(platform, tx, id);
    const projects = view.apps.filter(({ stage }) => stage === 'review');
    if (projects.length > 0) {
      const names = projects.map(({ environment }) => environment.name).join(', ');
      throw new UserError('conflict', `${name} is part of project environments: destroy ${names} first.`);
    }
    for (const app of view.apps) await uncouple(tx, after, app.id);
    await tx.pipeline.delete({ where: { id } });
    // Apps that were decoupled, or are being destroyed, still have it.
    if ((await tx.app.count({ where: { repositoryId } })) === 0) {
      await tx.image.deleteMany({ where: { repositoryId } });
      await tx.repository.delete({ where: { id: repositoryId } });
    }
    const { userId } = actor;
    await addEvent(tx, { name: 'pipeline.destroyed', noun: 'pipeline', nounId: id, teamId, userId, data: { name } });
    return view;
  });
}
