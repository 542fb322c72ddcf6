import type { Actor } from '@berth/platform/actor';
import { findRepository } from '@berth/platform/pipelines/find-repository';
import type { Parts } from '../parts.js';
import type { PushTarget } from '../push/receive-pack.js';
import { applyWantedRefs } from '../repositories/apply-wanted-refs.js';
import { openRepository } from '../repositories/open-repository.js';
import type { GitService, RepositoryName } from './parse-target.js';

/**
 * The app and repository that somebody asks for; a pipeline's are its first app's. UserError when there is none for this person (`not_found`) or the
 * role does not allow it (`forbidden`).
 */
export async function openTarget(
  parts: Parts,
  asked: { actor: Actor; name: RepositoryName; service: GitService },
): Promise<PushTarget> {
  const { actor } = asked;
  const right = asked.service === 'git-receive-pack' ? 'app.push' : 'app.view';
  const { app, pipeline } = await findRepository(parts.platform, { actor, ...asked.name, right });
  const repository = await openRepository(parts.config, app.repositoryId);
  return { actor, app, pipeline, repository };
}

/** {@link openTarget} for an exchange that shows refs: those of releases that have ended meanwhile are moved first. */
export async function openTargetWithRefs(
  parts: Parts,
  asked: { actor: Actor; name: RepositoryName; service: GitService },
): Promise<PushTarget> {
  const target = await openTarget(parts, asked);
  await applyWantedRefs(parts, target.repository.id);
  return target;
}
