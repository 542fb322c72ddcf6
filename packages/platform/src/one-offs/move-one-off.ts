import type { Tx } from '@berth/db/client';
import { type OneOffStatus, oneOffStatus } from '@berth/domain/status';
import { addEvent } from '../events/add-event.js';
import type { AfterCommit } from '../platform.js';
import { oneOffName } from './one-off-name.js';

export interface OneOffMove {
  oneOffId: string;
  to: OneOffStatus;
  version?: number;
  exitCode?: number | null;
  message?: string | null;
  /** Whoever did it; undefined: a worker. */
  userId?: string;
}

/** The only code that changes a one-off's status. Undefined: somebody else moved it first, or it is gone with its app. */
export async function moveOneOff(tx: Tx, after: AfterCommit, { oneOffId, to, userId, ...data }: OneOffMove) {
  const [row] = await tx.oneOff.updateManyAndReturn({
    where: { id: oneOffId, status: { in: oneOffStatus.mayMoveTo(to) } },
    data: {
      ...{ ...data, status: to },
      ...(to === 'running' ? { startedAt: new Date() } : {}),
      // What opens it opens nothing any more, and its variables are not needed again.
      ...(oneOffStatus.isTerminal(to) ? { endedAt: new Date(), secretHash: null, env: '' } : {}),
    },
  });
  if (!row) return undefined;
  const { appId } = row;
  const event = { name: `one-off.${to}`, noun: 'one-off', nounId: oneOffId, appId, userId };
  await addEvent(tx, { ...event, data: { name: oneOffName(row), ...(row.message ? { message: row.message } : {}) } });
  after.wake.push(`one-off:${oneOffId}`, `app:${appId}`);
  return row;
}
