import type { CollectionReason } from '@berth/db/generated/client';
import { addJob } from '@berth/jobs/outbox';
import { type Platform, transaction } from '../platform.js';

/**
 * A collection for everybody, unless one is under way or the last one of this reason is younger than `everyMs`. Asked again and
 * again by the releaser; two of them make one.
 */
export function scheduleCollection(
  platform: Platform,
  { reason, everyMs }: { reason: Exclude<CollectionReason, 'person'>; everyMs: number },
): Promise<string | undefined> {
  return transaction(platform, async (tx, after) => {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('berth.collections'))::text`;
    const since = new Date(Date.now() - everyMs);
    if (!(await tx.team.findFirst({ where: { createdAt: { lt: since } } }))) return undefined; // just installed
    const known = await tx.collection.count({
      where: {
        OR: [{ status: { in: ['pending', 'running'] } }, { reason, createdAt: { gt: since } }],
        dryRun: false,
      },
    });
    if (known > 0) return undefined;
    const { id } = await tx.collection.create({ data: { reason } });
    after.jobs.push(await addJob(tx, 'registry.collect', { collectionId: id }));
    return id;
  });
}
