import type { Instance } from '@berth/db/generated/client';
import { moveBuild } from '../builds/move-build.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { moveRelease } from '../releases/move-release.js';
import { moveRollout } from '../rollouts/move-rollout.js';

const open = { in: ['pending', 'running'] as ('pending' | 'running')[] };

/** Cancels what is under way for a destroyed app and says what is left to remove. Undefined: it is gone already. */
export function startDestroy(
  platform: Platform,
  { appId }: { appId: string },
): Promise<{ appId: string; environmentId: string; repositoryId: string; instances: Instance[] } | undefined> {
  return transaction(platform, async (tx, after) => {
    if (!(await tx.app.findFirst({ where: { id: appId, destroyedAt: { not: null } } }))) return undefined;
    const { environmentId, repositoryId } = await lockApp(tx, appId);
    const of = { where: { appId, status: open }, select: { id: true } };
    for (const { id } of await tx.build.findMany(of)) await moveBuild(tx, after, { buildId: id, to: 'cancelled' });
    for (const { id } of await tx.rollout.findMany(of))
      await moveRollout(tx, after, { rolloutId: id, to: 'cancelled' });
    for (const { id } of await tx.release.findMany(of))
      await moveRelease(tx, after, { releaseId: id, to: 'cancelled' });
    const instances = await tx.instance.findMany({ where: { appId, state: { not: 'down' } } });
    return { appId, environmentId, repositoryId, instances };
  });
}
