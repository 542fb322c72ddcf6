import type { Tx } from '@berth/db/client';
import { addJob } from '@berth/jobs/outbox';
import { askSpread } from '../config-vars/ask-spread.js';
import type { AfterCommit } from '../platform.js';
import { moveAddOn } from './move-add-on.js';

/**
 * From its commit on nobody has the add-on: its attachments are gone, and every app whose config had its address gets a
 * release. Data and roles follow by job.
 */
export async function markAddOnDestroyed(
  tx: Tx,
  after: AfterCommit,
  { addOnId, userId }: { addOnId: string; userId: string | undefined },
): Promise<void> {
  const addOn = await moveAddOn(tx, after, { addOnId, to: 'deprovisioning', userId });
  if (!addOn) return;
  const { count } = await tx.attachment.deleteMany({ where: { addOnId, app: { destroyedAt: null } } });
  after.jobs.push(await addJob(tx, 'addon.deprovision', { addOnId }));
  const { teamId, name, createdById } = addOn;
  const spread = { teamId, environmentId: null, userId: userId ?? createdById, description: `Remove ${name}` };
  if (count > 0) await askSpread(tx, after, spread);
}
