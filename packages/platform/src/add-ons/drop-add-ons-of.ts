import type { Tx } from '@berth/db/client';
import type { AddOn } from '@berth/db/generated/client';
import type { AfterCommit } from '../platform.js';
import { markAddOnDestroyed } from './mark-add-on-destroyed.js';

/**
 * An app that is destroyed takes the add-ons that go with it along, whoever else has them attached. A project environment's own
 * database goes with the last of its apps that has it.
 */
export async function dropAddOnsOf(
  tx: Tx,
  after: AfterCommit,
  { appId, userId }: { appId: string; userId: string | undefined },
): Promise<void> {
  const addOns = await tx.addOn.findMany({ where: { appId }, orderBy: { id: 'asc' } });
  for (const addOn of addOns) {
    const heir = addOn.insteadOfId === null ? undefined : await findHeir(tx, addOn);
    if (heir) await tx.addOn.update({ where: { id: addOn.id }, data: { appId: heir } });
    else await markAddOnDestroyed(tx, after, { addOnId: addOn.id, userId });
  }
}

/** Another app of the same environment that has it attached. */
async function findHeir(tx: Tx, { id, appId }: AddOn): Promise<string | undefined> {
  const app = await tx.app.findUniqueOrThrow({ where: { id: appId ?? '' } });
  const other = await tx.attachment.findFirst({
    where: { addOnId: id, app: { id: { not: app.id }, environmentId: app.environmentId, destroyedAt: null } },
    orderBy: { createdAt: 'asc' },
  });
  return other?.appId;
}
