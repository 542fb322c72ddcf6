import type { Platform } from '../platform.js';

/** Deleting what is deleted already costs two calls each: what was marked longer ago than this is gone, ms. */
const recentMs = 7 * 24 * 3_600_000;

/** Of one service: digests and source commits that were marked as collected lately and that nothing kept shares. */
export async function listCollected(
  { db }: Platform,
  { repositoryId }: { repositoryId: string },
): Promise<{ digests: string[]; commits: string[] }> {
  const since = { gt: new Date(Date.now() - recentMs) };
  const images = await db.image.findMany({ where: { repositoryId, collectedAt: since }, select: { digest: true } });
  const kept = await db.image.findMany({ where: { repositoryId, collectedAt: null }, select: { digest: true } });
  const of = { push: { app: { repositoryId } } };
  const sources = await db.source.findMany({
    where: { ...of, collectedAt: since },
    select: { commit: true, digest: true },
  });
  const keptSources = await db.source.findMany({
    where: { ...of, collectedAt: null },
    select: { commit: true, digest: true },
  });
  const isKept = (one: { commit: string; digest: string }) =>
    keptSources.some(({ commit, digest }) => commit === one.commit || digest === one.digest);
  const keptDigests = new Set(kept.map(({ digest }) => digest));
  return {
    digests: [...new Set(images.map(({ digest }) => digest))].filter((digest) => !keptDigests.has(digest)),
    commits: [...new Set(sources.filter((one) => !isKept(one)).map(({ commit }) => commit))],
  };
}
