import { listUnmerged } from '@berth/platform/projects/list-unmerged';
import { markMerged } from '@berth/platform/projects/mark-merged';
import type { Parts } from '../parts.js';
import type { GitRepository } from '../repositories/open-repository.js';
import { isContained } from './is-ahead-of.js';

/** The main of a pipeline was moved: environments that go when their branches are merged, and now are, go. */
export async function settleMerged(
  { config, platform }: Parts,
  repository: GitRepository,
  { appId, newSha }: { appId: string; newSha: string },
): Promise<void> {
  for (const { commit, ...service } of await listUnmerged(platform, { appId }))
    if (await isContained(config, repository, commit, newSha)) await markMerged(platform, service);
}
