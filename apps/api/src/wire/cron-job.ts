import type { CronJobView } from '@berth/platform/cron/list-cron-jobs';

/** A cron job with its last run; times in UTC. */
export function toWireCronJob({ name, schedule, command, size, nextAt, lastRun }: CronJobView) {
  return {
    name,
    schedule,
    command,
    size,
    next_run_at: nextAt,
    last_run: lastRun && {
      status: lastRun.status,
      scheduled_at: lastRun.scheduledAt,
      started_at: lastRun.startedAt,
      ended_at: lastRun.endedAt,
      exit_code: lastRun.exitCode,
      release_version: lastRun.version,
      message: lastRun.message,
    },
  };
}
