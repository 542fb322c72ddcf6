import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { findFirstApp } from '../pipelines/find-deploy-targets.js';
import { findPipelineFor } from '../pipelines/find-pipeline-for.js';
import type { Platform } from '../platform.js';

const noCommit = '0'.repeat(40);

/** The head of a branch in the pipeline's git remote, by the last push of it that was taken. `not_found`: it has no such branch. */
export async function findStoredBranch(
  { db }: Platform,
  { actor, pipeline, branch }: { actor: Actor; pipeline: string; branch: string },
): Promise<{ name: string; commit: string }> {
  const { id } = await findPipelineFor(db, { actor, pipeline, right: 'app.view' });
  const first = await findFirstApp(db, id);
  const push = await db.push.findFirst({
    where: { appId: first?.id ?? '', ref: `refs/heads/${branch}`, refWanted: true },
    orderBy: { sequence: 'desc' },
    select: { newSha: true },
  });
  if (!push || push.newSha === noCommit) throw notFound('branch', branch);
  return { name: branch, commit: push.newSha };
}
