import type { Tx } from '@berth/db/client';
import { nextRun } from '@berth/domain/cron-schedule';
import type { CronJob } from '@berth/domain/process-type';

/** A release is the current one: its image's cron jobs are the app's. One whose schedule stays is due when it was. */
export async function syncCronJobs(tx: Tx, appId: string, jobs: readonly CronJob[]): Promise<void> {
  // Whoever starts a run of one now has moved its time on before it is read here, or finds it gone.
  await tx.$queryRaw`SELECT 1 FROM "CronJob" WHERE "appId" = ${appId} FOR UPDATE`;
  const before = await tx.cronJob.findMany({ where: { appId } });
  await tx.cronJob.deleteMany({ where: { appId } });
  const now = new Date();
  await tx.cronJob.createMany({
    data: jobs.map(({ schedule, command, size = null }, at) => {
      const kept = before.find((one) => one.position === at + 1 && one.schedule === schedule);
      return { appId, position: at + 1, schedule, command, size, nextAt: kept?.nextAt ?? nextRun(schedule, now) };
    }),
  });
}
