import type { Tx } from '@berth/db/client';
import type { App } from '@berth/db/generated/client';
import { isUniqueViolation } from '@berth/db/unique-violation';
import { type AddOnPlan, parseAttachmentName, parsePlan } from '@berth/domain/add-on-plans';
import { UserError } from '@berth/domain/errors';
import { defaultMountPath, isWithin, parseMountPath } from '@berth/domain/mount-path';
import { parseAppName } from '@berth/domain/names';
import type { Actor } from '../actor.js';
import { getAppToDeploy } from '../auth/get-app-to-deploy.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { amountsOfPlan } from '../quotas/add-on-amounts.js';
import { requireQuota } from '../quotas/require-quota.js';
import type { AddOnView } from './add-on-view.js';
import { attach } from './attach.js';
import { getAddOn } from './get-add-on.js';
import { insertAddOn } from './insert-add-on.js';
import { releaseAttachments } from './release-attachments.js';

interface Input {
  actor: Actor;
  app: string;
  /** `heroku-postgresql:essential-0` */
  plan: string;
  /** `postgresql-…` and random when absent. */
  name?: string | undefined;
  /** Of the attachment. */
  as?: string | undefined;
  /** Of a volume: where it is in the app's containers; `/data` when absent. */
  path?: string | undefined;
}

/** An add-on of an app, attached to it: a release with its address, which waits until a job has made it. */
export async function createAddOn(platform: Platform, input: Input): Promise<AddOnView> {
  const { actor } = input;
  const { service, plan } = parsePlan(input.plan);
  const name = input.name === undefined ? undefined : parseAppName(input.name);
  const as = input.as === undefined ? undefined : parseAttachmentName(input.as);
  const mountPath = mountPathOf(plan, input.path);
  const made = transaction(platform, async (tx, after) => {
    const found = await getAppToDeploy(tx, { actor, app: input.app, right: 'add-on.create' });
    const { teamId, environmentId } = found;
    await requireQuota(tx, { teamId, environmentId, adds: amountsOfPlan(plan) });
    const app = await lockApp(tx, found.id);
    if (mountPath) await checkFree(tx, { app, mountPath });
    const { userId } = actor;
    const wish = { teamId: app.teamId, appId: app.id, service: service.name, plan: plan.name, userId, name, mountPath };
    const addOn = await insertAddOn(platform, tx, after, wish);
    const given = await attach(tx, { app, addOnId: addOn.id, name: as, wanted: service.attachmentName });
    const description = `Attach ${given} (${addOn.name})`;
    await releaseAttachments(platform, tx, after, { app, userId, description });
    return addOn.id;
  });
  const addOn = await made.catch((error: unknown) => {
    if (isUniqueViolation(error)) throw new UserError('conflict', `Name ${name} is already taken.`);
    throw error;
  });
  return getAddOn(platform, { actor, addOn });
}

function mountPathOf({ kind }: AddOnPlan, path: string | undefined): string | undefined {
  if (kind === 'volume') return parseMountPath(path ?? defaultMountPath);
  if (path === undefined) return undefined;
  throw new UserError('invalid_params', 'Only a volume has a path.');
}

/** Two volumes of an app lie beside each other. */
async function checkFree(tx: Tx, { app, mountPath }: { app: App; mountPath: string }): Promise<void> {
  const volumes = await tx.addOn.findMany({
    where: { attachments: { some: { appId: app.id } }, mountPath: { not: null }, status: { not: 'deprovisioning' } },
  });
  const other = volumes.find((one) => one.mountPath !== null && isWithin(one.mountPath, mountPath));
  if (other)
    throw new UserError('conflict', `App ${app.name} has a volume at ${other.mountPath} already: choose another path.`);
}
