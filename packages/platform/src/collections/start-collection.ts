import type { Collection } from '@berth/db/generated/client';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import { moveCollection } from './move-collection.js';

/** Undefined: it is over already. One that was running is run again from the start; its window, if any, is still open. */
export function startCollection(
  platform: Platform,
  { collectionId: id, lease }: { collectionId: string; lease: Lease },
): Promise<Collection | undefined> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    await moveCollection(tx, after, { id, to: 'running' });
    return (await tx.collection.findFirst({ where: { id, status: 'running' } })) ?? undefined;
  });
}
