import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import { cronProcess } from './cron-process.js';

/** The command is about to start: from here the run is not tried again. False: it was begun before. */
export function startCronRun(
  platform: Platform,
  { runId, version, lease }: { runId: string; version: number; lease: Lease },
): Promise<boolean> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const { count } = await tx.cronRun.updateMany({
      where: { id: runId, status: 'pending', app: { destroyedAt: null } },
      data: { status: 'running', version, startedAt: new Date() },
    });
    if (count === 0) return false;
    const { appId, position, command } = await tx.cronRun.findUniqueOrThrow({ where: { id: runId } });
    const text = `Starting process with command \`${command}\` (v${version})`;
    after.lines.push({ appId, process: cronProcess(position), text });
    return true;
  });
}
