import type { Tx } from '@berth/db/client';
import type { Prisma } from '@berth/db/generated/client';
import { type CollectionStatus, collectionStatus } from '@berth/domain/status';
import { addEvent } from '../events/add-event.js';
import type { AfterCommit } from '../platform.js';

/** Compare-and-set; false: it is not where it could be moved from. */
export async function moveCollection(
  tx: Tx,
  after: AfterCommit,
  { id, to, ...data }: { id: string; to: CollectionStatus } & Prisma.CollectionUpdateManyMutationInput,
): Promise<boolean> {
  const { count } = await tx.collection.updateMany({
    where: { id, status: { in: collectionStatus.mayMoveTo(to) } },
    data: {
      ...data,
      status: to,
      ...(to === 'running' ? { startedAt: new Date() } : {}),
      ...(collectionStatus.isTerminal(to) ? { endedAt: new Date() } : {}),
    },
  });
  if (count === 0) return false;
  const { teamId, userId, dryRun } = await tx.collection.findUniqueOrThrow({ where: { id } });
  await addEvent(tx, {
    ...{ name: `collection.${to}`, noun: 'collection', nounId: id, data: { dryRun } },
    ...(teamId ? { teamId } : {}),
    userId: userId ?? undefined,
  });
  after.wake.push('disk');
  return true;
}
