import type { Lease } from '@berth/jobs/lease';
import { listCollected } from '@berth/platform/collections/list-collected';
import { markCollected } from '@berth/platform/collections/mark-collected';
import { withServiceHeld } from '@berth/platform/collections/with-service-held';
import type { DiskKeeper } from './disk-keeper.js';
import type { Survey } from './survey.js';

/**
 * Where the registry's blobs are in a bucket nothing on this host says which manifests there are, and its API lists only tags:
 * there the rows say what goes, images with what is about them, and sources. What never had a row stays. Returns how many went.
 */
export async function deleteByRows(
  keeper: DiskKeeper,
  { needs }: Survey,
  { lease, teamId }: { lease: Lease; teamId: string | null },
): Promise<number> {
  const { platform, registry } = keeper;
  let count = 0;
  const remove = async (repository: string, reference: string, signal: AbortSignal) => {
    const found = await registry.getManifest(repository, reference);
    signal.throwIfAborted();
    if (found && (await registry.deleteManifest(repository, found.digest))) count += 1;
  };
  for (const service of needs.filter(({ team }) => teamId === null || team?.id === teamId)) {
    const { repositoryId } = service;
    await withServiceHeld(platform, service, async (signal) => {
      await markCollected(platform, { repositoryId, lease });
      const { digests, commits } = await listCollected(platform, { repositoryId });
      if (digests.length + commits.length === 0) return;
      const tags = await registry.listTags(`app/${repositoryId}`);
      for (const digest of digests) {
        const about = tags.filter((tag) => tag.startsWith(`${digest.replace(':', '-')}.`));
        for (const reference of [...about, digest]) await remove(`app/${repositoryId}`, reference, signal);
      }
      for (const commit of commits) await remove(`source/${repositoryId}`, commit, signal);
    });
  }
  return count;
}
