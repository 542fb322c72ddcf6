import { expect, test } from 'vitest';
import { describeEnvironment } from './describe-environment.js';

const environment = {
  ...{ name: 'red', base: { name: 'daily' }, team: { name: 'default' }, owner: null, status: 'ready' },
  ...{ expires_at: null, warned_at: null, until_merged: false },
  services: [],
  fallbacks: [{ service: 'mail', app: null }],
  detours: [{ service: 'orders', by: { email: 'ada@example.com' } }],
};

test('an environment says whose machine answers for a service', () => {
  expect(describeEnvironment(environment)).toEqual([
    'red (ready), on daily',
    '  the machine of ada@example.com answers for orders',
    '  daily answers for mail',
  ]);
});

test('an environment that goes soon says how it is kept', () => {
  const times = { expires_at: '2026-11-23T10:00:00.000Z', warned_at: '2026-11-22T10:00:00.000Z' };
  expect(describeEnvironment({ ...environment, ...times }).slice(0, 2)).toEqual([
    'red (ready), on daily, until 2026-11-23T10:00:00.000Z',
    '  it goes soon, with all that it made: berth environments:extend red',
  ]);
});
