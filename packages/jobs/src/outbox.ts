import type { Tx } from '@berth/db/client';
import type { JobName, Payload } from './catalogue.js';

/** Asks for a job in the transaction of the row it is about. Give the id to {@link JobQueue.send} after the commit. */
export async function addJob<N extends JobName>(
  tx: Tx,
  name: N,
  payload: Payload<N>,
  options: { runAt?: Date } = {},
): Promise<string> {
  const row = await tx.outbox.create({
    data: { name, payload, ...(options.runAt ? { runAt: options.runAt } : {}) },
    select: { id: true },
  });
  return row.id;
}
