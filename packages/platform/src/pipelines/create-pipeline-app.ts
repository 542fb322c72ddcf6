import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import type { AppView } from '../apps/app-view.js';
import { readAppView } from '../apps/read-app-view.js';
import { listStages } from '../lines/list-stages.js';
import { lockTeam } from '../lock-team.js';
import { type Platform, transaction } from '../platform.js';
import { findPipelineFor } from './find-pipeline-for.js';
import { insertPipelineApp } from './insert-pipeline-app.js';

/** The pipeline's app of one stable environment, by the environment's name or id. */
export function createPipelineApp(
  platform: Platform,
  input: { actor: Actor; pipeline: string; environment: string; name?: string | undefined },
): Promise<AppView> {
  const { actor, environment: wanted, name } = input;
  return transaction(platform, async (tx, after) => {
    const pipeline = await findPipelineFor(tx, { actor, pipeline: input.pipeline, right: 'app.create' });
    await lockTeam(tx, pipeline.teamId);
    const stages = await listStages(tx, pipeline.teamId);
    const environment = stages.find((one) => one.name === wanted || one.id === wanted);
    if (!environment) throw notFound('environment', wanted);
    const isLast = environment === stages.at(-1);
    const { userId } = actor;
    return readAppView(
      platform,
      tx,
      await insertPipelineApp(tx, after, { userId, pipeline, environment, isLast, name }),
    );
  });
}
