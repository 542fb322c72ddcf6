import { UserError } from '@berth/domain/errors';
import { addJob } from '@berth/jobs/outbox';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { addEvent } from '../events/add-event.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { moveRollout } from './move-rollout.js';

/** Replaces all instances of the current release by new ones, without a gap. Restarts that wait are superseded. */
export function restartApp(
  platform: Platform,
  { actor, app: name }: { actor: Actor; app: string },
): Promise<{ rolloutId: string }> {
  return transaction(platform, async (tx, after) => {
    const { id: appId } = await getAppFor(tx, { actor, app: name, right: 'app.restart' });
    const { currentReleaseId } = await lockApp(tx, appId);
    const release = currentReleaseId ? await tx.release.findUnique({ where: { id: currentReleaseId } }) : null;
    if (!release?.imageId) throw new UserError('conflict', 'There is nothing to restart: nothing was deployed yet.');
    const waiting = await tx.rollout.findMany({ where: { appId, status: 'pending' }, select: { id: true } });
    for (const { id } of waiting) await moveRollout(tx, after, { rolloutId: id, to: 'superseded' });
    const rollout = await tx.rollout.create({ data: { appId, releaseId: release.id, reason: 'restart' } });
    const { userId } = actor;
    await addEvent(tx, { name: 'rollout.pending', noun: 'rollout', nounId: rollout.id, appId, userId });
    after.jobs.push(await addJob(tx, 'rollout.run', { appId, rolloutId: rollout.id }));
    after.wake.push(`app:${appId}`);
    return { rolloutId: rollout.id };
  });
}
