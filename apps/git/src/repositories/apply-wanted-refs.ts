import { inTurn } from '@berth/daemon/in-turn';
import { branchOf } from '@berth/domain/names';
import { listWantedRefs, type WantedRef } from '@berth/platform/pushes/list-wanted-refs';
import { markRefApplied } from '@berth/platform/pushes/mark-ref-applied';
import type { Parts } from '../parts.js';
import { settleMerged } from '../projects/settle-merged.js';
import { pointHead, setRef, zeroSha } from './app-refs.js';
import { openRepository } from './open-repository.js';

/**
 * Moves the refs of a repository whose releases have succeeded, oldest push first. The release's own transaction has
 * written that they are wanted, and only this process moves them: before it answers `ok`, before refs are shown to
 * anybody, and at its start. Safe to repeat: one that was moved but not marked is moved again, and then what came after it.
 */
export function applyWantedRefs(parts: Parts, repositoryId: string): Promise<void> {
  return inTurn(repositoryId, () => applyInOrder(parts, repositoryId));
}

/** The same for all repositories; a fault of one is logged and does not keep the others from it. */
export async function applyAllWantedRefs(parts: Parts): Promise<void> {
  const wanted = await listWantedRefs(parts.platform);
  for (const repositoryId of new Set(wanted.map((ref) => ref.repositoryId)))
    await applyWantedRefs(parts, repositoryId).catch((error: unknown) =>
      parts.logger.error({ err: error, repositoryId }, 'apply wanted refs'),
    );
}

/** For a caller that has the repository's turn. */
export async function applyInOrder(parts: Parts, repositoryId: string): Promise<void> {
  const stuck = new Set<string>();
  for (const wanted of await listWantedRefs(parts.platform, { repositoryId })) {
    const name = `${wanted.appId} ${wanted.ref}`;
    if (stuck.has(name)) continue; // an older push must not come after a newer one
    await applyOne(parts, wanted).catch((error: unknown) => {
      stuck.add(name);
      parts.logger.error({ err: error, ...wanted }, 'apply wanted ref');
    });
  }
}

async function applyOne(parts: Parts, wanted: WantedRef): Promise<void> {
  const repository = await openRepository(parts.config, wanted.repositoryId);
  await setRef(parts.config, repository, wanted);
  if (wanted.isDeployBranch && branchOf(wanted.ref) && wanted.newSha !== zeroSha)
    await pointHead(parts.config, repository, wanted);
  await markRefApplied(parts.platform, { pushId: wanted.pushId });
  // The ref is moved, whatever becomes of this: the next move of the branch looks at the same services again.
  if (wanted.isDeployBranch)
    await settleMerged(parts, repository, wanted).catch((error: unknown) =>
      parts.logger.error({ err: error, ...wanted }, 'look for merged branches'),
    );
}
