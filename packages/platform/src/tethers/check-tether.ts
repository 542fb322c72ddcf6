import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { getReachable } from './get-reachable.js';

/** Throws when the environment is gone, or the person may not be connected to it any more. */
export async function checkTether(
  { db }: Platform,
  { actor, environmentId }: { actor: Actor; environmentId: string },
): Promise<void> {
  await getReachable(db, { actor, environment: environmentId, right: 'environment.tether' });
}
