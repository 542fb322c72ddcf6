import type { Tx } from '@berth/db/client';
import type { CronJob } from '@berth/db/generated/client';
import { lastRun, nextRun } from '@berth/domain/cron-schedule';
import { addJob } from '@berth/jobs/outbox';
import { type AfterCommit, type Platform, transaction } from '../platform.js';
import { cronProcess } from './cron-process.js';

/** A run that could not begin within this time of its schedule is not made up for, ms. */
const lateMax = 60_000;
const atOnceMax = 200;

/**
 * Starts the runs that are due, and says which were missed while nobody looked. Whoever moves a job's `nextAt` on has its
 * run: two callers, or one that is killed behind the write, never start one twice. Returns when to look again.
 */
export async function startDueRuns(platform: Platform): Promise<Date | undefined> {
  const alive = { app: { destroyedAt: null } };
  const due = await platform.db.cronJob.findMany({ where: { nextAt: { lte: new Date() }, ...alive }, take: atOnceMax });
  for (const job of due) await transaction(platform, (tx, after) => startDueRun(tx, after, job, new Date()));
  const next = await platform.db.cronJob.findFirst({
    where: alive,
    orderBy: { nextAt: 'asc' },
    select: { nextAt: true },
  });
  return next?.nextAt;
}

async function startDueRun(tx: Tx, after: AfterCommit, job: CronJob, now: Date): Promise<void> {
  const { appId, position, schedule, command, size, nextAt } = job;
  const { count } = await tx.cronJob.updateMany({
    where: { appId, position, nextAt, schedule },
    data: { nextAt: nextRun(schedule, now) },
  });
  if (count === 0) return; // somebody else has it, or a release brought another schedule
  const scheduledAt = lastRun(schedule, now) ?? nextAt;
  const process = cronProcess(position);
  const say = (text: string) => void after.lines.push({ appId, process, text });
  const isLate = now.getTime() - scheduledAt.getTime() > lateMax;
  if (isLate || scheduledAt > nextAt)
    say(`Berth was not running at ${nextAt.toISOString()}: what was due since then is not made up for`);
  if (isLate) return;
  const running = await tx.cronRun.findFirst({ where: { appId, position, status: { in: ['pending', 'running'] } } });
  const message = running ? `The run of ${running.scheduledAt.toISOString()} still goes on.` : null;
  const [run] = await tx.cronRun.createManyAndReturn({
    data: {
      ...{ appId, position, scheduledAt, command, size },
      ...(message ? { status: 'skipped' as const, message, endedAt: now } : {}),
    },
    skipDuplicates: true,
  });
  if (!run) return; // a clock that went back: this time has had its run
  if (message) say(`Skipped: ${message}`);
  else after.jobs.push(await addJob(tx, 'cron.run', { appId, runId: run.id }));
}
