import type { Tx } from '@berth/db/client';
import { addJob } from '@berth/jobs/outbox';
import { addEvent } from '../events/add-event.js';
import { lockApp } from '../lock-app.js';
import type { AfterCommit } from '../platform.js';
import { moveRollout } from './move-rollout.js';

/** A rollout of the current release; restarts that wait are superseded. Undefined: nothing was deployed yet. Locks the app. */
export async function addRestart(
  tx: Tx,
  after: AfterCommit,
  { appId, userId }: { appId: string; userId?: string | undefined },
): Promise<{ rolloutId: string } | undefined> {
  const { currentReleaseId } = await lockApp(tx, appId);
  const release = currentReleaseId ? await tx.release.findUnique({ where: { id: currentReleaseId } }) : null;
  if (!release?.imageId) return undefined;
  const waiting = await tx.rollout.findMany({ where: { appId, status: 'pending' }, select: { id: true } });
  for (const { id } of waiting) await moveRollout(tx, after, { rolloutId: id, to: 'superseded' });
  const rollout = await tx.rollout.create({ data: { appId, releaseId: release.id, reason: 'restart' } });
  await addEvent(tx, { name: 'rollout.pending', noun: 'rollout', nounId: rollout.id, appId, userId });
  after.jobs.push(await addJob(tx, 'rollout.run', { appId, rolloutId: rollout.id }));
  after.wake.push(`app:${appId}`);
  return { rolloutId: rollout.id };
}
