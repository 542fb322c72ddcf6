import type { CronRun } from '@berth/db/generated/client';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import type { Platform } from '../platform.js';
import { cronProcess } from './cron-process.js';

export interface CronJobView {
  /** `cron.1` */
  name: string;
  schedule: string;
  command: string;
  /** null: that of the environment's new processes. */
  size: string | null;
  nextAt: Date;
  lastRun: Omit<CronRun, 'id' | 'appId' | 'position'> | null;
}

/** The cron jobs of the app's current release, in the order of its file, each with its last run. */
export async function listCronJobs(
  platform: Platform,
  { actor, app: name }: { actor: Actor; app: string },
): Promise<CronJobView[]> {
  const { id: appId } = await getAppFor(platform.db, { actor, app: name, right: 'app.view' });
  const [jobs, runs] = await Promise.all([
    platform.db.cronJob.findMany({ where: { appId }, orderBy: { position: 'asc' } }),
    platform.db.cronRun.findMany({
      where: { appId },
      orderBy: [{ position: 'asc' }, { scheduledAt: 'desc' }],
      distinct: ['position'],
    }),
  ]);
  return jobs.map(({ position, schedule, command, size, nextAt }) => ({
    name: cronProcess(position),
    ...{ schedule, command, size, nextAt },
    lastRun: runs.find((run) => run.position === position) ?? null,
  }));
}
