import type { Tx } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';
import { type ConfigApp, resolveConfig } from '@berth/domain/resolve-config';
import { requireOpen } from '../auth/require-open.js';
import { readConfigAppsOfTeam } from '../config-layers/read-config-apps.js';
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
 * an app's config would not resolve any more.
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
    const reach = { teamId: team.id, environmentId };
    const before = await readReached(platform, tx, reach);
    await write(changes);
    checkReached(before, await readReached(platform, tx, reach));
    const description = `${describeChanges(changes)} of ${name}`;
    await askSpread(tx, after, { teamId: team.id, environmentId, userId: actor.userId, description });
    await addEvent(tx, {
      ...{ name: 'config.changed', noun: environmentId ? 'environment' : 'team', nounId: environmentId ?? team.id },
      ...{ teamId: team.id, userId: actor.userId, data: { keys: changes.map(([key]) => key) } },
    });
  });
}

/** The apps that a change reaches, each with all that its config is made of. */
async function readReached(platform: Platform, tx: Tx, { teamId, environmentId }: Reach) {
  const apps = await readConfigAppsOfTeam(platform, tx, teamId);
  const isReached = ({ environment: { id, baseId } }: ConfigApp) =>
    environmentId === null || id === environmentId || baseId === environmentId;
  return { apps, reached: apps.filter(isReached).map(({ id }) => id) };
}

interface Reach {
  teamId: string;
  environmentId: string | null;
}
type Reached = Awaited<ReturnType<typeof readReached>>;

/** Throws for the first app whose config does not hold any more. One whose config did not hold before stops nobody. */
function checkReached(before: Reached, now: Reached): void {
  for (const id of now.reached.filter((one) => holds(before, one)))
    checkVars(new Map([...resolveConfig(now.apps, id)].map(([key, { value }]) => [key, value])));
}

function holds({ apps }: Reached, id: string): boolean {
  try {
    resolveConfig(apps, id);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
