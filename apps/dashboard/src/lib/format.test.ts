import { expect, test } from 'vitest';
import { duration, timeAgo } from './format';

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
