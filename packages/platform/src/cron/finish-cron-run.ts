import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import { cronProcess } from './cron-process.js';

/** Runs kept per job. */
const keptMax = 100;

export interface CronResult {
  exitCode: number | null;
  /** One sentence; null for a run that ended well. */
  message: string | null;
}

/** The last write of a cron run. A second one changes nothing. */
export function finishCronRun(
  platform: Platform,
  { runId, lease, result }: { runId: string; lease: Lease; result: CronResult },
): Promise<void> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const { count } = await tx.cronRun.updateMany({
      where: { id: runId, status: { in: ['pending', 'running'] } },
      data: { ...result, status: result.message === null ? 'succeeded' : 'failed', endedAt: new Date() },
    });
    if (count === 0) return;
    const { appId, position } = await tx.cronRun.findUniqueOrThrow({ where: { id: runId } });
    const text = result.exitCode === null ? result.message! : `Process exited with status ${result.exitCode}`;
    after.lines.push({ appId, process: cronProcess(position), text });
    const older = await tx.cronRun.findMany({
      where: { appId, position, endedAt: { not: null } },
      orderBy: { scheduledAt: 'desc' },
      skip: keptMax,
      select: { id: true },
    });
    await tx.cronRun.deleteMany({ where: { id: { in: older.map(({ id }) => id) } } });
  });
}
