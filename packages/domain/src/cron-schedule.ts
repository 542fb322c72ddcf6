import { Cron } from 'croner';
import { UserError } from './errors.js';

/** Five fields, or a nickname (`@daily`): a job is started at most once a minute. */
const form = /^(@(hourly|daily|midnight|weekly|monthly|yearly|annually)|\S+(\s+\S+){4})$/i;

/** true for a schedule that {@link nextRun} understands: five fields as in crontab(5), or a nickname such as `@daily`. */
export function isSchedule(schedule: string): boolean {
  if (!form.test(schedule)) return false;
  try {
    return open(schedule).nextRun() !== null;
  } catch {
    return false;
  }
}

/** The first time after `after` that a schedule names, in UTC. */
export function nextRun(schedule: string, after: Date): Date {
  const next = open(schedule).nextRun(after);
  if (!next) throw new UserError('bad_request', `The schedule ${JSON.stringify(schedule)} names no time to come.`);
  return next;
}

/** The last time up to `now` that a schedule names, in UTC; undefined when there is none. */
export function lastRun(schedule: string, now: Date): Date | undefined {
  // The library looks back from a time in whole seconds and leaves that out.
  const [last] = open(schedule).previousRuns(1, new Date(now.getTime() + 1_000));
  return last && last <= now ? last : open(schedule).previousRuns(1, now)[0];
}

const open = (schedule: string) => new Cron(schedule, { timezone: 'UTC', mode: '5-part', paused: true });
