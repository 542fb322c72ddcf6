import type { Tx } from '@berth/db/client';
import type { Image } from '@berth/db/generated/client';
import { type CommitLine, commitsSince, historyMax } from '@berth/domain/commit-history';

/** What lies between the image that is there and the one that takes its place. */
export interface CommitsBetween {
  /** What the new commit has and the one that is there lacks, the newest first, so many at the most as a history has. */
  commits: CommitLine[];
  /** The commit that is there is newer than the new one: this goes back. */
  isOlder: boolean;
}

/**
 * Each commit between the two, by the histories of their sources; of sources from before there were histories, what was pushed to the
 * service between the two. A commit that came by docker push has no source.
 */
export async function readCommits(tx: Tx, before: Image | null, image: Image): Promise<CommitsBetween> {
  const of = { push: { app: { repositoryId: image.repositoryId } } };
  const pushed = (commit: string) =>
    tx.source.findFirst({
      where: { ...of, commit },
      orderBy: { createdAt: 'desc' },
      select: { createdAt: true, history: true },
    });
  const [first, last] = [before && (await pushed(before.commit)), await pushed(image.commit)];
  if (!last || before?.commit === image.commit) return { commits: [], isOlder: false };
  if (first && first.createdAt > last.createdAt) return { commits: [], isOlder: true };
  if (last.history !== '' && (!before || first?.history))
    return { commits: commitsSince(last.history, first?.history ?? ''), isOlder: false };
  const rows = await tx.source.findMany({
    where: { ...of, createdAt: { lte: last.createdAt, ...(first ? { gt: first.createdAt } : {}) } },
    orderBy: { createdAt: 'desc' },
    distinct: ['commit'],
    take: historyMax,
    select: { commit: true, message: true, createdAt: true },
  });
  return { commits: rows, isOlder: false };
}
