import type { Tx } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { requireRunRole } from '../auth/require-run-role.js';
import { listStages } from '../lines/list-stages.js';
import { type Platform, transaction } from '../platform.js';
import { moveDebug } from './move-debug.js';

/**
 * Switches debug deploys of an app on for some minutes (again: as long from now), or off with null; what runs is started anew
 * with it or without. UserError in the last environment of the line: people depend on it.
 */
export function setDebug(
  platform: Platform,
  { actor, app: name, minutes }: { actor: Actor; app: string; minutes: number | null },
): Promise<void> {
  return transaction(platform, async (tx, after) => {
    const app = await getAppFor(tx, { actor, app: name, right: 'app.debug' });
    requireRunRole(app);
    if (minutes !== null) await refuseInProduction(tx, app);
    const until = minutes === null ? null : new Date(Date.now() + minutes * 60_000);
    await moveDebug(tx, after, { appId: app.id, until, userId: actor.userId });
  });
}

async function refuseInProduction(
  tx: Tx,
  { teamId, environment }: { teamId: string; environment: { id: string; name: string } },
) {
  const last = (await listStages(tx, teamId)).at(-1);
  if (last?.id !== environment.id) return;
  throw new UserError(
    'forbidden',
    `${environment.name} is the last environment of the line: debug deploys, which have no health gate, are for those before it and for projects.`,
  );
}
