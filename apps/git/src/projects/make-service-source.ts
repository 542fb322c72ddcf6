import { randomUUID } from 'node:crypto';
import { publicError, UserError } from '@berth/domain/errors';
import type { JobContext } from '@berth/jobs/work';
import { failService } from '@berth/platform/projects/fail-service';
import { readWantedSource } from '@berth/platform/projects/read-wanted-source';
import { takeCommit } from '@berth/platform/projects/take-commit';
import { takeSource } from '@berth/platform/projects/take-source';
import type { Parts } from '../parts.js';
import { makeSource } from '../push/make-source.js';
import { applyWantedRefs } from '../repositories/apply-wanted-refs.js';
import { openRepository } from '../repositories/open-repository.js';
import { findCommit } from './find-commit.js';
import { isAheadOf } from './is-ahead-of.js';

/**
 * A service of a project environment wants the head of a branch, or a commit: its source is made as a push makes it, unless
 * there is an image or a build of that commit. A run after a kill at any line comes to the same end.
 */
export async function makeServiceSource(
  parts: Parts,
  { appId }: { appId: string },
  { lease, isLastAttempt }: JobContext,
): Promise<void> {
  const { platform, config, logger } = parts;
  const wanted = await readWantedSource(platform, { appId });
  if (!wanted) return;
  const { wish, repositoryId } = wanted;
  try {
    const repository = await openRepository(config, repositoryId);
    await applyWantedRefs(parts, repositoryId);
    const commit = await findCommit(config, repository, wanted);
    const isAhead = wanted.branch !== null && (await isAheadOf(config, repository, commit, wanted.main));
    if (!(await takeCommit(platform, { appId, wish, lease, commit, isAhead }))) return;
    await takeSource(platform, { appId, wish, lease, source: await makeSource(parts, repository, commit) });
  } catch (error) {
    if (!(error instanceof UserError) && !isLastAttempt(error)) throw error;
    const id = `err_${randomUUID()}`;
    if (!(error instanceof UserError)) logger.error({ err: error, id, appId }, 'source of a service');
    await failService(platform, { appId, wish, lease, message: publicError(error, id).message });
  }
}
