import { UserError } from '@berth/domain/errors';
import { reviewName } from '@berth/domain/review-name';
import type { Actor } from '../actor.js';
import { findPipelineFor } from '../pipelines/find-pipeline-for.js';
import type { Platform } from '../platform.js';
import { createProject } from '../projects/create-project.js';
import { findReviewHook } from '../projects/find-review-hook.js';
import { notEnabled } from './find-review-app-config.js';
import { type ReviewApp, toReviewApp } from './review-app.js';

/** A project environment with the pipeline's service alone, on a branch of its git remote; it belongs to who asks. */
export async function createReviewApp(
  platform: Platform,
  { actor, pipeline, branch }: { actor: Actor; pipeline: string; branch: string },
): Promise<ReviewApp> {
  const { db } = platform;
  const found = await findPipelineFor(db, { actor, pipeline, right: 'environment.create' });
  const { id, name: service, teamId: team } = found;
  if (!(await db.reviewAppConfig.findUnique({ where: { pipelineId: id } }))) throw notEnabled(service);
  const hook = await findReviewHook(db, found);
  if (!hook)
    throw new UserError(
      'conflict',
      `No stable environment has an app of ${service} that a review app could stand upon.`,
    );
  const name = reviewName(hook.pattern, { branch, number: 0, service });
  const { ttlHours, untilMerged, base } = hook;
  const services = [{ service, branch }];
  const wish = { team, name, base: base.name, services, ttlHours, untilMerged };
  const project = await createProject(platform, { actor, ...wish });
  return toReviewApp(project, id)!;
}
