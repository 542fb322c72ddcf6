import { expect, test } from 'vitest';
import { reportUsage, usageCsv } from './report-usage.js';

const used = { cpuHours: 1.00004, gibHours: 2, awakeHours: 3, asleepHours: 0.5 };
const usage = [
  { environment: 'daily', app: 'cart', ...used },
  { environment: 'daily', app: 'users', ...used },
  { environment: 'red', app: 'cart--red', ...used, cpuHours: 0 },
];

test('sums by environment and in all, with the cost at this Berth’s prices', () => {
  const report = reportUsage(usage, { cpuHour: 0.5, gibHour: 0.25 });
  expect(report).toMatchObject({ cpuHours: 2, gibHours: 6, cost: 2.5 });
  expect(report.environments).toEqual([
    { environment: 'daily', cpuHours: 2, gibHours: 4, cost: 2 },
    { environment: 'red', cpuHours: 0, gibHours: 2, cost: 0.5 },
  ]);
  expect(usageCsv(report)).toBe(
    'environment,app,cpu_hours,gib_hours,awake_hours,asleep_hours,cost\n' +
      'daily,cart,1,2,3,0.5,1\ndaily,users,1,2,3,0.5,1\nred,cart--red,0,2,3,0.5,0.5\n',
  );
});

test('without prices nothing has a cost', () => {
  const report = reportUsage(usage, undefined);
  expect([report.cost, report.environments[0]?.cost, report.apps[0]?.cost]).toEqual([null, null, null]);
  expect(usageCsv(report).split('\n')[1]).toBe('daily,cart,1,2,3,0.5,');
});
