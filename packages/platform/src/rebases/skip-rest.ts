import type { Tx } from '@berth/db/client';
import { rebaseAppStatus } from '@berth/domain/status';
import type { AfterCommit } from '../platform.js';

/** What was planned and not begun stays as it is. Returns how many. */
export async function skipRest(
  tx: Tx,
  after: AfterCommit,
  { rebaseId, message }: { rebaseId: string; message: string },
): Promise<number> {
  const { count } = await tx.rebaseApp.updateMany({
    where: { rebaseId, status: { in: rebaseAppStatus.mayMoveTo('skipped') } },
    data: { status: 'skipped', message },
  });
  after.wake.push(`rebase:${rebaseId}`);
  return count;
}
