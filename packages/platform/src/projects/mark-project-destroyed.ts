import type { Tx } from '@berth/db/client';
import { addJob } from '@berth/jobs/outbox';
import { markAppDestroyed } from '../apps/mark-app-destroyed.js';
import { addEvent } from '../events/add-event.js';
import type { AfterCommit } from '../platform.js';

/**
 * From its commit on the environment is gone for people: none of its hosts answers, its name is free. The caller holds its
 * lock. Containers, network and rows follow by jobs.
 */
export async function markProjectDestroyed(
  tx: Tx,
  after: AfterCommit,
  { environmentId, userId, why }: { environmentId: string; userId: string | undefined; why: string },
): Promise<void> {
  const { name, teamId } = await tx.environment.findUniqueOrThrow({ where: { id: environmentId } });
  const apps = await tx.app.findMany({ where: { environmentId }, select: { id: true }, orderBy: { id: 'asc' } });
  for (const { id: appId } of apps) await markAppDestroyed(tx, after, { appId, userId });
  await tx.environment.update({
    where: { id: environmentId },
    data: { destroyedAt: new Date(), name: `${name}~${environmentId}` }, // no name that a person may type
  });
  await addEvent(tx, {
    ...{ name: 'environment.destroyed', noun: 'environment', nounId: environmentId, teamId, userId },
    data: { name, why },
  });
  after.jobs.push(await addJob(tx, 'environment.destroy', { environmentId }));
  after.wake.push('routes', `environment:${environmentId}`);
}
