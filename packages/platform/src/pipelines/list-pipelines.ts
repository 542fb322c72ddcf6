import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { type CoupledApp, type PipelineView, readPipelineViews } from './pipeline-view.js';

export type { CoupledApp, PipelineView };

/** All pipelines of the actor's teams, or those of one name. */
export function listPipelines(
  platform: Platform,
  { actor, name }: { actor: Actor; name?: string | undefined },
): Promise<PipelineView[]> {
  return readPipelineViews(platform, platform.db, {
    team: { memberships: { some: { userId: actor.userId } } },
    ...(name === undefined ? {} : { name }),
  });
}
