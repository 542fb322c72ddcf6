import type { Tx } from '@berth/db/client';
import { rolloutStatus } from '@berth/domain/status';
import { addJob } from '@berth/jobs/outbox';
import type { AfterCommit } from '../platform.js';

const over = rolloutStatus.all.filter(rolloutStatus.isTerminal);

/** Asks for the end of every ended rollout of the app but `keptId`: its containers drain and go, which blocks nothing. */
export async function retireOthers(tx: Tx, after: AfterCommit, appId: string, keptId: string): Promise<void> {
  const others = await tx.rollout.findMany({
    where: { appId, retiredAt: null, id: { not: keptId }, status: { in: over } },
    select: { id: true },
  });
  for (const { id } of others) after.jobs.push(await addJob(tx, 'instances.retire', { appId, rolloutId: id }));
}
