import type { Platform } from '../platform.js';
import { type ReleaseWork, readWork } from '../rollouts/read-work.js';
import { cronProcess } from './cron-process.js';

export interface CronWork {
  run: { id: string; process: string; command: string; size: string | null };
  /** The app's current release. Holds secrets. */
  work: ReleaseWork;
  /** An earlier try began it: its process may be there still, and it is not run again. */
  isCutOff: boolean;
}

/** What a cron run works with; undefined when it is over, or its app has nothing to run any more. Changes nothing. */
export async function readCronRun(platform: Platform, { runId }: { runId: string }): Promise<CronWork | undefined> {
  const run = await platform.db.cronRun.findUnique({ where: { id: runId }, include: { app: true } });
  if (!run || (run.status !== 'pending' && run.status !== 'running')) return undefined;
  const { currentReleaseId, destroyedAt } = run.app;
  const work = currentReleaseId && !destroyedAt ? await readWork(platform, platform.db, currentReleaseId) : undefined;
  if (!work) return undefined;
  const { id, position, command, size } = run;
  return { run: { id, process: cronProcess(position), command, size }, work, isCutOff: run.status === 'running' };
}
