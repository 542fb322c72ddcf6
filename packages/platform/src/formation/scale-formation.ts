import type { Tx } from '@berth/db/client';
import { notFound, UserError } from '@berth/domain/errors';
import { parseSize } from '@berth/domain/sizes';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { addEvent } from '../events/add-event.js';
import { setInstanceState } from '../instances/set-instance-state.js';
import { lockApp } from '../lock-app.js';
import { type AfterCommit, type Platform, transaction } from '../platform.js';
import { findCurrentRollout } from '../rollouts/find-current.js';
import { readCurrentFormation } from './list-formation.js';
import { type FormationEntry, parseQuantity } from './read-formation.js';

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
    const app = await lockApp(tx, found.id);
    const formation = await readCurrentFormation(tx, app);
    const changed = changes.map((change) => applyChange(formation, change));
    for (const { processType, quantity, size } of changed)
      await tx.formation.upsert({
        where: { appId_processType: { appId: app.id, processType } },
        update: { quantity, size },
        create: { appId: app.id, processType, quantity, size },
      });
    const resized = changed.filter(({ processType, size }) =>
      formation.some((entry) => entry.processType === processType && entry.size !== size),
    );
    await restartResized(tx, after, app.id, resized);
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

/** A running instance keeps the size that it was started with: those of another size are replaced. */
async function restartResized(tx: Tx, after: AfterCommit, appId: string, entries: readonly FormationEntry[]) {
  if (entries.length === 0) return;
  const rollout = await findCurrentRollout(tx, appId);
  const instances = await tx.instance.findMany({
    where: {
      rolloutId: rollout?.id ?? '',
      processType: { in: entries.map(({ processType }) => processType) },
      state: { notIn: ['down', 'stopping'] },
    },
  });
  for (const { id } of instances)
    await setInstanceState(tx, after, { instanceId: id, to: 'stopping', message: 'Restarted for its new size.' });
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
