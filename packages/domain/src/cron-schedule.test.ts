import { describe, expect, it } from 'vitest';
import { isSchedule, lastRun, nextRun } from './cron-schedule.js';

const at = (time: string) => new Date(`2026-03-29T${time}Z`); // clocks change in much of Europe that night

describe('schedules', () => {
  it.each(['* * * * *', '*/5 0-6 1,15 * MON-FRI', '0 3 * * 7', '@hourly', '@Daily'])('%s is one', (text) => {
    expect(isSchedule(text)).toBe(true);
  });

  it.each(['', 'daily', '@reboot', '60 * * * *', '* * * *', '0 0 0 * * *', '0 0 30 2 *', '2026-01-01T00:00:00'])(
    '%j is none',
    (text) => expect(isSchedule(text)).toBe(false),
  );

  it('name times in UTC, whatever the clocks do', () => {
    expect(nextRun('30 1 * * *', at('01:29:59.900'))).toEqual(at('01:30:00'));
    expect(nextRun('30 1 * * *', at('01:30:00'))).toEqual(new Date('2026-03-30T01:30:00Z'));
    expect(nextRun('@daily', at('12:00:00'))).toEqual(new Date('2026-03-30T00:00:00Z'));
  });

  it('name the last time before one, that time with it', () => {
    expect(lastRun('*/5 * * * *', at('01:05:00'))).toEqual(at('01:05:00'));
    expect(lastRun('*/5 * * * *', at('01:04:59.600'))).toEqual(at('01:00:00'));
    expect(lastRun('*/5 * * * *', at('01:09:59.999'))).toEqual(at('01:05:00'));
  });
});
