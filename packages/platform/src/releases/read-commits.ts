import type { Tx } from '@berth/db/client';
import type { Image } from '@berth/db/generated/client';

/** What lies between the image that is there and the one that takes its place. */
export interface CommitsBetween {
  /** What was pushed after the commit that is there, up to the new one; the newest first. */
  commits: { commit: string; message: string; createdAt: Date }[];
  /** The commit that is there is newer than the new one: this goes back. */
  isOlder: boolean;
}

const commitsMax = 100;

/** The sources that were pushed to the service between the two; a commit that came by docker push has none. */
export async function readCommits(tx: Tx, before: Image | null, image: Image): Promise<CommitsBetween> {
  const of = { push: { app: { repositoryId: image.repositoryId } } };
  const pushed = (commit: string) =>
    tx.source.findFirst({ where: { ...of, commit }, orderBy: { createdAt: 'desc' }, select: { createdAt: true } });
  const [first, last] = [before && (await pushed(before.commit)), await pushed(image.commit)];
  if (!last || before?.commit === image.commit) return { commits: [], isOlder: false };
  if (first && first.createdAt > last.createdAt) return { commits: [], isOlder: true };
  const rows = await tx.source.findMany({
    where: { ...of, createdAt: { lte: last.createdAt, ...(first ? { gt: first.createdAt } : {}) } },
    orderBy: { createdAt: 'desc' },
    distinct: ['commit'],
    take: commitsMax,
    select: { commit: true, message: true, createdAt: true },
  });
  return { commits: rows, isOlder: false };
}
