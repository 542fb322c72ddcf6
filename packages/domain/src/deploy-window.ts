import { z } from 'zod';

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
type Weekday = (typeof weekdays)[number];

const isTimeZone = (name: string) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time such as 09:30');

/**
 * A time of the week by the wall clock of a place: from `from` (that minute is inside) to `to` (that one is not). One that
 * ends before it begins passes midnight and belongs to the day on which it begins.
 */
export const deployWindow = z
  .strictObject({
    days: z.array(z.enum(weekdays)).min(1),
    from: clock,
    to: clock,
    /** IANA name, such as Europe/Berlin. */
    timeZone: z.string().refine(isTimeZone, 'must be a time zone such as Europe/Berlin'),
  })
  .refine(({ from, to }) => from !== to, { message: 'must not end when it begins', path: ['to'] });
export type DeployWindow = z.infer<typeof deployWindow>;

/**
 * Whether `now` is inside the window. It goes by what a clock in that place shows: in the hour that a change to winter time
 * repeats, both times; the hour that summer time leaves out is never.
 */
export function isInWindow({ days, from, to, timeZone }: DeployWindow, now: Date): boolean {
  const { day, time } = wallClock(now, timeZone);
  const isOn = (weekday: Weekday) => days.includes(weekday);
  if (from < to) return isOn(day) && time >= from && time < to;
  return (isOn(day) && time >= from) || (isOn(dayBefore(day)) && time < to);
}

const dayBefore = (day: Weekday): Weekday => weekdays[(weekdays.indexOf(day) + 6) % 7] as Weekday;

/** What a clock and a calendar show there: `{ day: 'mon', time: '09:30' }`. */
function wallClock(now: Date, timeZone: string): { day: Weekday; time: string } {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  const parts = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
  return { day: parts.weekday?.toLowerCase() as Weekday, time: `${parts.hour}:${parts.minute}` };
}

/** `mon, tue 09:00-17:00 (Europe/Berlin)` */
export const describeWindow = ({ days, from, to, timeZone }: DeployWindow): string =>
  `${days.join(', ')} ${from}-${to} (${timeZone})`;
