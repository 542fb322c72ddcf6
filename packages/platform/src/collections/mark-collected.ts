import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import { graceMs, type RepositoryNeeds, readNeeds } from './read-needs.js';

/**
 * From its commit on nothing starts the images of this service that nothing refers to, nor builds its old sources: a
 * rollback that came first keeps its image, one that comes later is told that it is gone. Returns what is still needed.
 */
export function markCollected(
  platform: Platform,
  { repositoryId, lease }: { repositoryId: string; lease: Lease },
): Promise<RepositoryNeeds | undefined> {
  return transaction(platform, async (tx) => {
    await assertLease(tx, lease);
    await tx.$queryRaw`SELECT 1 FROM "App" WHERE "repositoryId" = ${repositoryId} ORDER BY "id" FOR NO KEY UPDATE`;
    const [needs] = await readNeeds(tx, { repositoryId });
    if (!needs) return undefined;
    const over = needs.images.filter(({ keptBecause }) => keptBecause === undefined).map(({ id }) => id);
    await tx.image.updateMany({ where: { id: { in: over } }, data: { collectedAt: new Date() } });
    await tx.source.updateMany({
      where: {
        push: { app: { repositoryId } },
        collectedAt: null,
        createdAt: { lt: new Date(Date.now() - graceMs) },
        commit: { notIn: [...needs.commits] },
      },
      data: { collectedAt: new Date() },
    });
    return { ...needs, images: needs.images.filter(({ keptBecause }) => keptBecause !== undefined) };
  });
}
