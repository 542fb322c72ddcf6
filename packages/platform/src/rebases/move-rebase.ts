import type { Tx } from '@berth/db/client';
import { type RebaseStatus, rebaseStatus } from '@berth/domain/status';
import { addEvent } from '../events/add-event.js';
import type { AfterCommit } from '../platform.js';

export interface RebaseMove {
  rebaseId: string;
  to: RebaseStatus;
  error?: { code: string; message: string };
  /** Who asked, when a person did. */
  userId?: string;
}

/** The only code that changes a rebase's status. Undefined: somebody else moved it first. */
export async function moveRebase(tx: Tx, after: AfterCommit, { rebaseId, to, error, userId }: RebaseMove) {
  const [rebase] = await tx.rebase.updateManyAndReturn({
    where: { id: rebaseId, status: { in: rebaseStatus.mayMoveTo(to) } },
    data: {
      status: to,
      ...(to === 'running' ? { startedAt: new Date() } : {}),
      ...(rebaseStatus.isTerminal(to) ? { endedAt: new Date() } : {}),
      ...(error ? { errorCode: error.code, errorMessage: error.message } : {}),
    },
  });
  if (!rebase) return undefined;
  await addEvent(tx, { name: `rebase.${to}`, noun: 'rebase', nounId: rebaseId, userId });
  after.wake.push(`rebase:${rebaseId}`);
  return rebase;
}
