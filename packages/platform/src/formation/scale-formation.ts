import type { Environment } from '@berth/db/generated/client';
import { policyOf } from '@berth/domain/environment-policy';
import { notFound, UserError } from '@berth/domain/errors';
import { type FormationEntry, parseQuantity } from '@berth/domain/formation';
import { parseSize } from '@berth/domain/sizes';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { addEvent } from '../events/add-event.js';
import { lockApp } from '../lock-app.js';
import { lockTeam } from '../lock-team.js';
import { type Platform, transaction } from '../platform.js';
import { amountsOf } from '../quotas/read-taken.js';
import { requireQuota } from '../quotas/require-quota.js';
import { readCurrentFormation } from './list-formation.js';

export interface FormationChange {
  processType: string;
  /** A number, or a step: `+1`, `-1`. */
  quantity?: number | string | undefined;
  size?: string | undefined;
}

/** Changes what is wanted of some process types; makes no release. Throws for one that the current release does not have. */
export function scaleFormation(
  platform: Platform,
  { actor, app: name, changes }: { actor: Actor; app: string; changes: readonly FormationChange[] },
): Promise<FormationEntry[]> {
  return transaction(platform, async (tx, after) => {
    const found = await getAppFor(tx, { actor, app: name, right: 'app.scale' });
    await lockTeam(tx, found.teamId); // before the app, as everywhere: requireQuota holds it too
    const app = await lockApp(tx, found.id);
    const formation = await readCurrentFormation(tx, app);
    const changed = changes.map((change) => applyChange(formation, change));
    checkQuantities(changed, found.environment);
    await requireQuota(tx, { ...found, environmentId: found.environment.id, adds: growthOf(formation, changed) });
    for (const { processType, quantity, size } of changed)
      await tx.formation.upsert({
        where: { appId_processType: { appId: app.id, processType } },
        update: { quantity, size },
        create: { appId: app.id, processType, quantity, size },
      });
    const { userId } = actor;
    const list = changed.map(({ processType, quantity, size }) => `${processType}@${quantity}:${size}`).join(' ');
    await addEvent(tx, {
      name: 'formation.scaled',
      noun: 'app',
      nounId: app.id,
      appId: app.id,
      userId,
      data: { changes: list },
    });
    after.wake.push('instances', `app:${app.id}`);
    after.lines.push({ appId: app.id, process: 'api', text: `Scaled to ${list}` });
    return readCurrentFormation(tx, app);
  });
}

/** What the changed process types take beyond what they take now; less is below zero. */
function growthOf(formation: readonly FormationEntry[], changed: readonly FormationEntry[]) {
  const adds = { memoryMiB: 0, cpus: 0 };
  for (const { processType, size, quantity } of changed) {
    const before = formation.find((entry) => entry.processType === processType);
    const [was, is] = [amountsOf(before?.size ?? size, before?.quantity ?? 0), amountsOf(size, quantity)];
    adds.memoryMiB += is.memoryMiB - was.memoryMiB;
    adds.cpus += is.cpus - was.cpus;
  }
  return adds;
}

/** The environment's policy says how many of one process type there may be. */
function checkQuantities(changed: readonly FormationEntry[], environment: Environment): void {
  const { quantityMax } = policyOf(environment);
  if (quantityMax !== null && changed.some(({ quantity }) => quantity > quantityMax))
    throw new UserError('forbidden', `${environment.name} runs ${quantityMax} of one process type at the most.`);
}

function applyChange(formation: readonly FormationEntry[], change: FormationChange): FormationEntry {
  const entry = formation.find(({ processType }) => processType === change.processType);
  if (!entry) throw notFound('process type', change.processType);
  const size = change.size === undefined ? entry.size : parseSize(change.size).name;
  const quantity = change.quantity === undefined ? entry.quantity : parseQuantity(entry.quantity, change.quantity);
  if (entry.singleton && quantity > 1)
    throw new UserError('invalid_params', `${entry.processType} is a singleton: only one may run at a time.`);
  return { ...entry, quantity, size };
}
