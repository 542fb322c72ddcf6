import type { Actor } from '../actor.js';
import { addEvent } from '../events/add-event.js';
import { findPipelineFor } from '../pipelines/find-pipeline-for.js';
import { type Platform, transaction } from '../platform.js';
import { notEnabled, type ReviewAppConfig, toReviewAppConfig } from './find-review-app-config.js';

/** No further review apps of the pipeline; those that are there stay until their time is over. Returns what was said of them. */
export function removeReviewAppConfig(
  platform: Platform,
  { actor, pipeline }: { actor: Actor; pipeline: string },
): Promise<ReviewAppConfig> {
  return transaction(platform, async (tx) => {
    const found = await findPipelineFor(tx, { actor, pipeline, right: 'environment.change' });
    const { id, name, team } = found;
    const was = await tx.reviewAppConfig.findUnique({ where: { pipelineId: id } });
    if (!was) throw notEnabled(name);
    await tx.reviewAppConfig.deleteMany({ where: { pipelineId: id } });
    await addEvent(tx, {
      ...{ name: 'review-apps.removed', noun: 'pipeline', nounId: id, teamId: team.id, userId: actor.userId },
    });
    return toReviewAppConfig(found, was);
  });
}
