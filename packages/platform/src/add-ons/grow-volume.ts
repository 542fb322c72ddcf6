import type { Tx } from '@berth/db/client';
import type { AddOn } from '@berth/db/generated/client';
import { parsePlan, type VolumePlan, volumeBytes } from '@berth/domain/add-on-plans';
import type { DiskLedger } from '@berth/domain/disk-ledger';
import { UserError } from '@berth/domain/errors';
import { addJob } from '@berth/jobs/outbox';
import type { Actor } from '../actor.js';
import { getAppToDeploy } from '../auth/get-app-to-deploy.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { requireQuota } from '../quotas/require-quota.js';
import { type AddOnView, toAddOnView } from './add-on-view.js';
import { findAddOnFor } from './find-add-on-for.js';

const MiB = 1024 * 1024;

/**
 * A volume is to have a larger plan; a job makes it so as soon as no container has it. The plan that it has withdraws that wish; when
 * there is none, that plan is refused, as is a smaller one and, while it waits, one that is not larger than what it waits for.
 * @param plan `berth-volume:10gb`
 */
export async function growVolume(
  platform: Platform,
  { actor, addOn: name, plan: wanted }: { actor: Actor; addOn: string; plan: string },
): Promise<AddOnView> {
  const { service, plan } = parsePlan(wanted);
  return transaction(platform, async (tx, after) => {
    const found = await findAddOnFor(tx, { actor, addOn: name, right: 'add-on.create' });
    const { id, teamId, appId } = found;
    if (found.service !== service.name || plan.kind !== 'volume')
      throw new UserError('unsupported', 'Only a volume gets another plan, a larger one: make another add-on.');
    const app = appId ? await getAppToDeploy(tx, { actor, app: appId, right: 'add-on.create' }) : undefined;
    if (wishOf(found, plan) !== null) {
      const diskMiB = plan.sizeBytes / MiB - (await readHeldMiB(tx, found.name));
      await requireQuota(tx, { teamId, ...(app ? { environmentId: app.environmentId } : {}), adds: { diskMiB } });
    }
    // After the team's row, as everywhere; and it may have grown meanwhile.
    await tx.$queryRaw`SELECT 1 FROM "AddOn" WHERE "id" = ${id} FOR UPDATE`;
    const wantedPlan = wishOf(await tx.addOn.findUniqueOrThrow({ where: { id } }), plan);
    await tx.addOn.update({ where: { id }, data: { wantedPlan, errorMessage: null } });
    await addEvent(tx, {
      ...{ name: wantedPlan === null ? 'add-on.growth-withdrawn' : 'add-on.growing', noun: 'add-on', nounId: id },
      ...{ teamId, userId: actor.userId, ...(appId ? { appId } : {}), data: { name: found.name, plan: plan.name } },
    });
    if (wantedPlan !== null) after.jobs.push(await addJob(tx, 'addon.grow', { addOnId: id }));
    return toAddOnView(await findAddOnFor(tx, { actor, addOn: id, right: 'app.view' }));
  });
}

/** The plan that it waits for from now on; null: what it waited for is withdrawn. */
function wishOf({ name, plan, wantedPlan, status }: AddOn, wish: VolumePlan): string | null {
  if (status !== 'provisioned') throw new UserError('conflict', `Add-on ${name} is ${status}.`);
  if (wantedPlan !== null && wish.name === plan) return null;
  const last = wantedPlan ?? plan;
  if (wish.sizeBytes > volumeBytes(last)) return wish.name;
  const state = wantedPlan ? 'grows to' : 'has';
  throw new UserError('invalid_params', `Volume ${name} ${state} ${last} already: a volume can only grow.`);
}

/** What it takes of its team's disk already, as it was measured last. */
async function readHeldMiB(tx: Tx, name: string): Promise<number> {
  const newest = await tx.diskLedger.findFirst({ orderBy: { measuredAt: 'desc' }, select: { ledger: true } });
  const entries = (newest?.ledger as unknown as DiskLedger | undefined)?.entries ?? [];
  return (entries.find((entry) => entry.kind === 'volume' && entry.name === name)?.bytes ?? 0) / MiB;
}
