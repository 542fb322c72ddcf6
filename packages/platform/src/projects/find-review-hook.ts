import type { Db } from '@berth/db/client';
import { ttlDaysMax } from '@berth/domain/project-environment';
import { findFirstApp } from '../pipelines/find-deploy-targets.js';

/** A service and its branch name a review app's environment: it has no other service. */
const pattern = '{service}-{branch}';

/**
 * How a pipeline's review apps are made, in the words of a team's hook of pull requests. Their base is where the pipeline's
 * main goes. Undefined: they are not enabled, or no stable environment has an app of the pipeline.
 */
export async function findReviewHook(db: Db, pipeline: { id: string; teamId: string }) {
  const config = await db.reviewAppConfig.findUnique({ where: { pipelineId: pipeline.id } });
  const first = config && (await findFirstApp(db, pipeline.id));
  if (!first) return undefined;
  const { isAutomatic, staleDays } = config;
  const { teamId } = pipeline;
  return {
    teamId,
    isAutomatic,
    pattern,
    base: first.environment,
    ttlHours: (staleDays ?? ttlDaysMax) * 24,
    untilMerged: true,
  };
}
