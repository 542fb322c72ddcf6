import { expect, test } from 'vitest';
import { amount, amountOf, byteSize, duration, timeAgo, timeSpan } from './format';

test.each([
  [40, '40 ms'],
  [1_449, '1.4 s'],
  [12_300, '12 s'],
  [125_000, '2 min 5 s'],
])('%i ms reads %s', (ms, text) => expect(duration(ms)).toBe(text));

test.each([
  [2, 'just now'],
  [59, '59 seconds ago'],
  [60, '1 minute ago'],
  [7_200, '2 hours ago'],
  [90_000, 'yesterday'],
  [-7_200, 'in 2 hours'],
])('%i seconds ago reads %s', (seconds, text) => {
  const now = Date.now();
  expect(timeAgo(new Date(now - seconds * 1000), now)).toBe(text);
});

test.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [64 * 1024 ** 2, '64 MiB'],
  [1.5 * 1024 ** 3, '1.5 GiB'],
  [24 * 1024 ** 3, '24 GiB'],
])('%i bytes read %s', (bytes, text) => expect(byteSize(bytes)).toBe(text));

test.each([
  [0, '0'],
  [0.0000887, '< 0.01'],
  [0.0712, '0.07'],
  [1.2345, '1.23'],
  [1_204.5, '1,204.5'],
])('%d reads %s', (value, text) => expect(amount(value)).toBe(text));

test.each([
  [1, '1 CPU'],
  [0.5, '0.5 CPUs'],
  [0.00468, '< 0.01 CPUs'],
])('%d of CPUs reads %s', (value, text) => expect(amountOf(value, 'CPU')).toBe(text));

test.each([
  [59_000, 'less than a minute'],
  [60_000, '1 minute'],
  [3 * 3_600_000, '3 hours'],
  [49 * 3_600_000, '2 days'],
])('%i ms last %s', (ms, text) => expect(timeSpan(ms)).toBe(text));
