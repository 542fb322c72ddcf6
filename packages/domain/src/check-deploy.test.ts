import { expect, test } from 'vitest';
import { checkDeploy, type WantedDeploy } from './check-deploy.js';
import { environmentPolicy, policyOf } from './environment-policy.js';

const now = new Date('2026-11-20T12:00:00Z'); // a Friday
const check = (policy: object, wanted: Partial<WantedDeploy> = {}) =>
  checkDeploy({
    ...{ environment: 'production', policy: environmentPolicy.parse(policy), role: 'member', isRollback: false, now },
    ...wanted,
  });

test('a policy that says nothing lets every member deploy', () => {
  expect(check({})).toBeUndefined();
});

test('a role that is too low is named', () => {
  expect(check({ deployRole: 'admin' })).toBe('Deploying to production needs the role admin; yours is member.');
  expect(check({ deployRole: 'admin' }, { role: 'owner' })).toBeUndefined();
  expect(check({ deployRole: 'owner' }, { role: 'admin', isRollback: true })).toContain('needs the role owner');
});

test('a freeze says why and until when, is over by itself, and lets admins roll back', () => {
  const freeze = { reason: 'Christmas.', until: '2026-11-20T13:00:00Z' };
  expect(check({ freeze })).toBe('production is frozen until 2026-11-20T13:00:00Z: Christmas.');
  expect(check({ freeze: { reason: 'An audit' } })).toBe('production is frozen: An audit.');
  expect(check({ freeze }, { role: 'owner' })).toContain('frozen');
  expect(check({ freeze }, { isRollback: true })).toContain('frozen');
  expect(check({ freeze }, { isRollback: true, role: 'admin' })).toBeUndefined();
  expect(check({ freeze }, { now: new Date('2026-11-20T13:00:00Z') })).toBeUndefined();
});

test('outside of its windows it says when they are', () => {
  const windows = [{ days: ['mon', 'thu'], from: '09:00', to: '17:00', timeZone: 'UTC' }];
  expect(check({ windows })).toBe('production takes deploys only mon, thu 09:00-17:00 (UTC).');
  expect(
    check({ windows: [...windows, { days: ['fri'], from: '12:00', to: '13:00', timeZone: 'UTC' }] }),
  ).toBeUndefined();
});

test('a project environment has no policy of its own', () => {
  expect(policyOf({ kind: 'project', policy: { deployRole: 'owner' } }).deployRole).toBe('member');
  expect(policyOf({ kind: 'stable', policy: { deployRole: 'owner' } }).deployRole).toBe('owner');
});
