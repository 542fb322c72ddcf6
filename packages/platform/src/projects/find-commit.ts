import type { Tx } from '@berth/db/client';

/** What there is of a commit in a service's repository: an image, else a build that is to make one. */
export type FoundCommit = { kind: 'image'; imageId: string } | { kind: 'build'; buildId: string } | undefined;

/** Under the repository's lock. The newest image of the commit: a rebase gives it a newer stack. */
export async function findCommit(
  tx: Tx,
  { repositoryId, commit }: { repositoryId: string; commit: string },
): Promise<FoundCommit> {
  const image = await tx.image.findFirst({
    where: { repositoryId, commit, collectedAt: null },
    orderBy: { createdAt: 'desc' },
    select: { id: true },
  });
  if (image) return { kind: 'image', imageId: image.id };
  const build = await tx.build.findFirst({
    where: {
      status: { in: ['pending', 'running'] },
      source: { commit },
      app: { repositoryId, destroyedAt: null },
    },
    orderBy: { createdAt: 'asc' },
    select: { id: true },
  });
  return build ? { kind: 'build', buildId: build.id } : undefined;
}
