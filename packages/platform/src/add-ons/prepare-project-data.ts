import type { Tx } from '@berth/db/client';
import type { AddOn } from '@berth/db/generated/client';
import { parsePlan } from '@berth/domain/add-on-plans';
import type { AfterCommit, Platform } from '../platform.js';
import { amountsOfPlan } from '../quotas/add-on-amounts.js';
import { requireQuota } from '../quotas/require-quota.js';
import { insertAddOn } from './insert-add-on.js';
import { type ProjectData, projectData } from './project-data.js';

/**
 * Gives an app of a project environment the attachments of the base's app of its service: the same data, or some of the
 * environment's own, empty or copied. Two apps that share a database in the base share one here. Before the app's first
 * release is made, which then has their addresses, and waits until they are there.
 */
export async function prepareProjectData(
  platform: Platform,
  tx: Tx,
  after: AfterCommit,
  input: { appId: string; baseAppId: string; environmentId: string; userId: string },
): Promise<void> {
  const attachments = await tx.attachment.findMany({
    where: { appId: input.baseAppId, addOn: { status: { not: 'deprovisioning' } } },
    include: { addOn: true },
    orderBy: { createdAt: 'asc' },
  });
  if (attachments.length === 0) return;
  const environment = await tx.environment.findUniqueOrThrow({ where: { id: input.environmentId } });
  const data = projectData.parse(environment.data ?? {});
  for (const { name, addOn } of attachments) {
    const addOnId = await pickAddOn(platform, tx, after, addOn, { ...input, data });
    await tx.attachment.create({ data: { addOnId, appId: input.appId, name } });
  }
}

async function pickAddOn(
  platform: Platform,
  tx: Tx,
  after: AfterCommit,
  base: AddOn,
  { appId, environmentId, userId, data }: { appId: string; environmentId: string; userId: string; data: ProjectData },
): Promise<string> {
  const { policy, mask } = data.addOns[base.name] ?? { policy: data.policy, mask: undefined };
  if (policy === 'share' && base.mountPath === null) return base.id; // a volume is one app's only: it is empty then
  const made = await tx.addOn.findFirst({
    where: { insteadOfId: base.id, app: { environmentId, destroyedAt: null }, status: { not: 'deprovisioning' } },
  });
  if (made) return made.id;
  const { teamId, service, plan } = base;
  await requireQuota(tx, { teamId, environmentId, adds: amountsOfPlan(parsePlan(`${service}:${plan}`).plan) });
  const copy = policy === 'copy' ? { copyOfId: base.id, maskScript: mask } : {};
  const mountPath = base.mountPath ?? undefined;
  const wish = { teamId, appId, service, plan, userId, insteadOfId: base.id, mountPath, ...copy };
  return (await insertAddOn(platform, tx, after, wish)).id;
}
