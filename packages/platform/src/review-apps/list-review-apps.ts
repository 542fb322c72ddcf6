import type { Actor } from '../actor.js';
import { findPipelineFor } from '../pipelines/find-pipeline-for.js';
import type { Platform } from '../platform.js';
import { projectInclude } from '../projects/project-view.js';
import { toProjectViews } from '../projects/read-project-view.js';
import { type ReviewApp, toReviewApp } from './review-app.js';

/** A pipeline's, the newest first: however they were made. */
export async function listReviewApps(
  platform: Platform,
  { actor, pipeline }: { actor: Actor; pipeline: string },
): Promise<ReviewApp[]> {
  const { id } = await findPipelineFor(platform.db, { actor, pipeline, right: 'app.view' });
  const rows = await platform.db.environment.findMany({
    where: { kind: 'project', destroyedAt: null, apps: { some: { pipelineId: id, destroyedAt: null } } },
    include: projectInclude,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  return (await toProjectViews(platform, rows)).flatMap((project) => toReviewApp(project, id) ?? []);
}
