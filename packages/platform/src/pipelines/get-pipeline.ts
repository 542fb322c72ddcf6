import type { Db, Tx } from '@berth/db/client';
import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { findPipelineFor } from './find-pipeline-for.js';
import { type PipelineView, readPipelineViews } from './pipeline-view.js';

/** @param pipeline name or id */
export async function getPipeline(
  platform: Platform,
  { actor, pipeline }: { actor: Actor; pipeline: string },
): Promise<PipelineView> {
  const { id } = await findPipelineFor(platform.db, { actor, pipeline, right: 'app.view' });
  return readPipelineView(platform, platform.db, id);
}

export async function readPipelineView(platform: Platform, db: Db | Tx, id: string): Promise<PipelineView> {
  const [view] = await readPipelineViews(platform, db, { id });
  if (!view) throw new Error(`the pipeline ${id} is gone`);
  return view;
}
