import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { getProject } from '../projects/get-project.js';
import { type ReviewApp, toReviewApp } from './review-app.js';

/** @param reviewApp its environment's id or name. `not_found` for one that has not exactly one service, on a branch */
export async function getReviewApp(
  platform: Platform,
  { actor, reviewApp }: { actor: Actor; reviewApp: string },
): Promise<ReviewApp> {
  const project = await getProject(platform, { actor, environment: reviewApp });
  const app = await platform.db.app.findFirst({ where: { environmentId: project.id, destroyedAt: null } });
  const found = app?.pipelineId ? toReviewApp(project, app.pipelineId) : undefined;
  if (!found) throw notFound('review_app', reviewApp);
  return found;
}
