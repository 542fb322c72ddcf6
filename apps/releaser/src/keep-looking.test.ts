import { expect, test } from 'vitest';
import { pauseAfter } from './keep-looking.js';

test('a cheap look is taken as often as asked', () => {
  expect(pauseAfter(20, { pauseMs: 3_000, isActive: false })).toBe(3_000);
  expect(pauseAfter(20, { pauseMs: 1_000, isActive: true })).toBe(1_000);
});

test('a look at hundreds of apps costs a still host 1 % of a core', () => {
  expect(pauseAfter(120, { pauseMs: 3_000, isActive: false })).toBe(12_000);
  expect(pauseAfter(400, { pauseMs: 1_000, isActive: true })).toBe(2_000);
});

test('something that no message told of is found within a quarter of a minute', () => {
  expect(pauseAfter(5_000, { pauseMs: 3_000, isActive: false })).toBe(15_000);
});
