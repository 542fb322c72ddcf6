import { describe, expect, test } from 'vitest';
import { deployWindow, describeWindow, isInWindow } from './deploy-window.js';

const window = (days: string[], from: string, to: string, timeZone = 'Europe/Berlin') =>
  deployWindow.parse({ days, from, to, timeZone });
const at = (iso: string) => new Date(iso);
const office = window(['mon', 'tue', 'wed', 'thu', 'fri'], '09:00', '17:00');

describe('a deploy window', () => {
  test.each([
    ['its first minute', '2026-11-20T08:00:00Z', true],
    ['the minute before', '2026-11-20T07:59:59Z', false],
    ['its last second', '2026-11-20T15:59:59Z', true],
    ['its end', '2026-11-20T16:00:00Z', false],
    ['the same hours on a Saturday', '2026-11-21T10:00:00Z', false],
  ])('%s: %s is %s', (_what, now, isIn) => {
    expect(isInWindow(office, at(now))).toBe(isIn);
  });

  test('follows the wall clock through summer time: 9 o’clock is 8 UTC in winter and 7 UTC in summer', () => {
    expect(isInWindow(office, at('2026-03-27T08:00:00Z'))).toBe(true); // Friday before the change
    expect(isInWindow(office, at('2026-03-27T07:00:00Z'))).toBe(false);
    expect(isInWindow(office, at('2026-03-30T07:00:00Z'))).toBe(true); // Monday after it
    expect(isInWindow(office, at('2026-10-26T07:30:00Z'))).toBe(false); // Monday after the change back
    expect(isInWindow(office, at('2026-10-26T08:00:00Z'))).toBe(true);
  });

  test('an hour that is left out opens nothing, one that comes twice is open both times', () => {
    const night = window(['sun'], '02:00', '03:00');
    expect(isInWindow(night, at('2026-03-29T00:59:00Z'))).toBe(false); // 01:59, then 03:00
    expect(isInWindow(night, at('2026-03-29T01:00:00Z'))).toBe(false);
    expect(isInWindow(night, at('2026-10-25T00:30:00Z'))).toBe(true); // 02:30 summer time
    expect(isInWindow(night, at('2026-10-25T01:30:00Z'))).toBe(true); // 02:30 winter time
    expect(isInWindow(night, at('2026-10-25T02:00:00Z'))).toBe(false);
  });

  test('that passes midnight belongs to the day on which it begins', () => {
    const late = window(['fri'], '22:00', '02:00', 'UTC');
    expect(isInWindow(late, at('2026-11-20T23:00:00Z'))).toBe(true);
    expect(isInWindow(late, at('2026-11-21T01:59:00Z'))).toBe(true);
    expect(isInWindow(late, at('2026-11-21T22:30:00Z'))).toBe(false);
    expect(isInWindow(late, at('2026-11-20T01:00:00Z'))).toBe(false);
  });

  test('may last the whole day', () => {
    const day = window(['sat'], '00:00', '24:00', 'UTC');
    expect([isInWindow(day, at('2026-11-21T00:00:00Z')), isInWindow(day, at('2026-11-21T23:59:59Z'))]).toEqual([
      true,
      true,
    ]);
    expect(describeWindow(day)).toBe('sat 00:00-24:00 (UTC)');
  });

  test.each([[{ timeZone: 'Mars/Base' }], [{ from: '9:00' }], [{ days: [] }], [{ to: '09:00' }]])(
    'is refused with %j',
    (wrong) => {
      expect(deployWindow.safeParse({ ...office, ...wrong }).success).toBe(false);
    },
  );
});
