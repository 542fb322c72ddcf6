import type { Instance } from '@berth/db/generated/client';
import { rolloutStatus } from '@berth/domain/status';
import type { Platform } from '../platform.js';
import { findCurrentRollout } from './find-current.js';

/**
 * What is left of a rollout that may go. Undefined: it is gone already, it serves, or it is not over: nothing to do.
 */
export async function startRetire(
  platform: Platform,
  { rolloutId }: { rolloutId: string },
): Promise<{ appId: string; instances: Instance[] } | undefined> {
  const rollout = await platform.db.rollout.findUnique({
    where: { id: rolloutId },
    include: { instances: { where: { state: { not: 'down' } } }, app: { select: { destroyedAt: true } } },
  });
  if (!rollout || rollout.retiredAt || !rolloutStatus.isTerminal(rollout.status)) return undefined;
  const current = await findCurrentRollout(platform.db, rollout.appId);
  if (current?.id === rolloutId && !rollout.app.destroyedAt) return undefined;
  return { appId: rollout.appId, instances: rollout.instances };
}
