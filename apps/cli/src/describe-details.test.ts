import { expect, test } from 'vitest';
import { describeDetails } from './describe-details.js';

const MiB = 1024 ** 2;
const environment = {
  ...{ name: 'red', base: { name: 'daily' }, team: { name: 'default' }, owner: { email: 'ada@example.com' } },
  ...{ status: 'ready', expires_at: null, warned_at: null, until_merged: true },
  ...{ services: [], fallbacks: [], detours: [] },
};
const asleep = { since: '2026-11-22T10:00:00.000Z', slept_seconds: 3_600 };
const data = { attachment: 'DATABASE', base: 'db-1', masked: false, status: 'provisioned' };

test('an environment tells its owner, end, sleep, what it takes and costs, and its data', () => {
  const details = {
    footprint: {
      own: { apps: 1, memory_mib: 512, cpus: 0.5, now: { own_bytes: 50 * MiB, cpus: 0.001 } },
      copy: { apps: 3, memory_mib: 1536, cpus: 1.5, now: null },
      used: { cpu_hours: 1.234, gib_hours: 0 },
      cost: 2.5,
    },
    data: [
      { ...data, service: 'cart', addon: 'db-2', policy: 'copy', masked: true } as const,
      { ...data, service: 'users', addon: 'db-1', policy: 'share', status: 'provisioning' } as const,
    ],
    sleep: {
      cart: { state: 'pushed_out', ...asleep, saved: { memory_bytes: 24 * MiB, gib_hours: 0.02 } },
      users: { state: 'awake', since: null, slept_seconds: 0, saved: { memory_bytes: 0, gib_hours: 0 } },
    },
  };
  expect(describeDetails(environment, details)).toEqual([
    '  owner  ada@example.com',
    '  ends   when its branches are merged, too',
    '  sleep  cart: pushed out since 2026-11-22T10:00:00.000Z, gives back 24 MiB, slept 60 minutes in all, saved 0.02 GiB hours',
    '         users: awake',
    '  takes  50 MiB and < 0.01 CPUs now, of 512 MiB and 0.5 CPUs at the most (1 app); a full copy of daily: 1536 MiB and 1.5 CPUs at the most (3 apps)',
    '  used   1.23 CPU hours, 0 GiB hours since it was made',
    '  cost   2.5 since it was made',
    '  data   cart: DATABASE_URL is db-2, a copy of db-1, masked',
    '         users: DATABASE_URL is db-1, shared with the base (provisioning)',
  ]);
});

test('nobody any more is its owner, and without prices there is no cost', () => {
  const none = { apps: 0, memory_mib: 0, cpus: 0, now: null };
  const footprint = { own: none, copy: none, used: { cpu_hours: 0, gib_hours: 0 }, cost: null };
  const lines = describeDetails(
    { ...environment, owner: null, until_merged: false },
    { footprint, data: [], sleep: {} },
  );
  expect(lines).toEqual([
    '  owner  nobody any more',
    '  takes  0 MiB and 0 CPUs at the most (0 apps); a full copy of daily: 0 MiB and 0 CPUs at the most (0 apps)',
    '  used   0 CPU hours, 0 GiB hours since it was made',
    '  cost   this Berth has no prices',
  ]);
});
