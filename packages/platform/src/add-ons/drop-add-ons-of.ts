import type { Tx } from '@berth/db/client';
import type { AfterCommit } from '../platform.js';
import { markAddOnDestroyed } from './mark-add-on-destroyed.js';

/** An app that is destroyed takes the add-ons that go with it along, whoever else has them attached. */
export async function dropAddOnsOf(
  tx: Tx,
  after: AfterCommit,
  { appId, userId }: { appId: string; userId: string | undefined },
): Promise<void> {
  const addOns = await tx.addOn.findMany({ where: { appId }, select: { id: true }, orderBy: { id: 'asc' } });
  for (const { id: addOnId } of addOns) await markAddOnDestroyed(tx, after, { addOnId, userId });
}
