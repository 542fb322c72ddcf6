import type { Tx } from '@berth/db/client';
import { requireOpen } from '../auth/require-open.js';
import { readConfigVars } from '../config-layers/read-config.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { askSpread } from './ask-spread.js';
import { checkReferences } from './check-references.js';
import { checkVars } from './check-vars.js';
import { describeChanges } from './describe-changes.js';
import { openLayer, type SharedLayer } from './open-layer.js';
import { planChanges, type WantedChanges } from './plan-changes.js';

/**
 * Sets and removes config vars of a team or an environment; a job makes the releases of the apps that it reaches. Refused when
 * an app that runs could not resolve its config any more.
 */
export function setSharedVars(
  platform: Platform,
  { changes: wanted, ...layer }: SharedLayer & { changes: WantedChanges },
): Promise<void> {
  const { actor } = layer;
  return transaction(platform, async (tx, after) => {
    const right = layer.environment === undefined ? 'team.set-config' : 'environment.set-config';
    const { team, environmentId, name, rows, write } = await openLayer(tx, layer, right);
    const changes = planChanges(platform, rows, wanted);
    if (changes.length === 0) return;
    await requireOpen(tx, { team, environmentId });
    await checkReferences(platform, tx, { actor, teamId: team.id, changes });
    await write(changes);
    await checkReached(platform, tx, { teamId: team.id, environmentId });
    const description = `${describeChanges(changes)} of ${name}`;
    await askSpread(tx, after, { teamId: team.id, environmentId, userId: actor.userId, description });
    await addEvent(tx, {
      ...{ name: 'config.changed', noun: environmentId ? 'environment' : 'team', nounId: environmentId ?? team.id },
      ...{ teamId: team.id, userId: actor.userId, data: { keys: changes.map(([key]) => key) } },
    });
  });
}

async function checkReached(
  platform: Platform,
  tx: Tx,
  { teamId, environmentId }: { teamId: string; environmentId: string | null },
): Promise<void> {
  const environment = environmentId ? { environment: { OR: [{ id: environmentId }, { baseId: environmentId }] } } : {};
  const apps = await tx.app.findMany({ where: { teamId, destroyedAt: null, ...environment }, select: { id: true } });
  for (const { id } of apps) checkVars(new Map(Object.entries(await readConfigVars(platform, tx, id))));
}
