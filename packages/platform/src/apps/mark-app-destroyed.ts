import type { Tx } from '@berth/db/client';
import { addJob } from '@berth/jobs/outbox';
import { dropAddOnsOf } from '../add-ons/drop-add-ons-of.js';
import { addEvent } from '../events/add-event.js';
import { lockApp } from '../lock-app.js';
import type { AfterCommit } from '../platform.js';

/**
 * From its commit on the app is gone for people: no host answers, its name and its place in its pipeline are free. Its
 * containers, add-ons and rows follow by job. `userId` undefined: nobody asked for it, it was due.
 */
export async function markAppDestroyed(
  tx: Tx,
  after: AfterCommit,
  { appId, userId }: { appId: string; userId: string | undefined },
): Promise<void> {
  const app = await lockApp(tx, appId);
  if (app.destroyedAt) return;
  await tx.app.update({
    where: { id: appId },
    data: { destroyedAt: new Date(), name: `${app.name}~${appId}`, pipelineId: null }, // no name that a person may type
  });
  await tx.route.deleteMany({ where: { appId } });
  await dropAddOnsOf(tx, after, { appId, userId });
  await addEvent(tx, { name: 'app.destroyed', noun: 'app', nounId: appId, appId, userId, data: { name: app.name } });
  after.jobs.push(await addJob(tx, 'app.destroy', { appId }));
  after.wake.push('routes', 'instances', `app:${appId}`);
}
