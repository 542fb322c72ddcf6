import type { Tx } from '@berth/db/client';
import { type RebaseAppStatus, rebaseAppStatus } from '@berth/domain/status';
import type { AfterCommit } from '../platform.js';

/** The only code that changes the status of an app in a rebase. False: somebody else moved it first. */
export async function moveRebaseApp(
  tx: Tx,
  after: AfterCommit,
  { id, to, message, releaseId }: { id: string; to: RebaseAppStatus; message?: string; releaseId?: string },
): Promise<boolean> {
  const [row] = await tx.rebaseApp.updateManyAndReturn({
    where: { id, status: { in: rebaseAppStatus.mayMoveTo(to) } },
    data: { status: to, ...(message === undefined ? {} : { message }), ...(releaseId ? { releaseId } : {}) },
  });
  if (row) after.wake.push(`rebase:${row.rebaseId}`);
  return row !== undefined;
}
