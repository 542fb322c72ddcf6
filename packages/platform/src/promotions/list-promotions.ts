import type { Actor } from '../actor.js';
import { findPipelineFor } from '../pipelines/find-pipeline-for.js';
import type { Platform } from '../platform.js';
import { type PromotionView, readPromotionViews } from './promotion-view.js';

/** Who promoted what in a pipeline: the newest 100, the newest first. */
export async function listPromotions(
  { db }: Platform,
  { actor, pipeline }: { actor: Actor; pipeline: string },
): Promise<PromotionView[]> {
  const { id: pipelineId } = await findPipelineFor(db, { actor, pipeline, right: 'app.view' });
  return readPromotionViews(db, { pipelineId });
}
