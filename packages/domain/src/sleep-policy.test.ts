import { expect, test } from 'vitest';
import { mayBeAsleep, sleepPolicyOf } from './sleep-policy.js';

const office = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '19:00', timeZone: 'Europe/Berlin' };

test('project environments sleep after half an hour, stable ones never, unless their policy says so', () => {
  expect(sleepPolicyOf({ kind: 'project', sleep: {} }).afterMinutes).toBe(30);
  expect(sleepPolicyOf({ kind: 'stable', sleep: {} }).afterMinutes).toBeNull();
  expect(sleepPolicyOf({ kind: 'stable', sleep: { afterMinutes: 120 } }).afterMinutes).toBe(120);
  expect(sleepPolicyOf({ kind: 'project', sleep: { afterMinutes: null } }).afterMinutes).toBeNull();
});

test('nothing sleeps in office hours, by the clock of their place', () => {
  const policy = sleepPolicyOf({ kind: 'project', sleep: { awake: [office] } });
  expect(mayBeAsleep(policy, new Date('2026-11-20T08:30:00Z'))).toBe(false); // Friday 9:30 there
  expect(mayBeAsleep(policy, new Date('2026-11-20T18:30:00Z'))).toBe(true); // 19:30
  expect(mayBeAsleep(policy, new Date('2026-11-21T10:00:00Z'))).toBe(true); // Saturday
  expect(mayBeAsleep({ ...policy, afterMinutes: null }, new Date('2026-11-21T10:00:00Z'))).toBe(false);
});
