import { expect, it } from 'vitest';
import { pageOf } from './page-of.js';

it.each([
  ['the first', 1, 1, 0],
  ['the next', 2, 2, 20],
  ['the last, which is not full', 3, 3, 40],
  ['one further than the last', 9, 3, 40],
  ['one before the first', -1, 1, 0],
  ['half a page', 2.9, 2, 20],
  ['no number', Number.NaN, 1, 0],
])('shows of 41 rows %s', (_, wanted, page, skip) => {
  expect(pageOf(41, { wanted, size: 20 })).toEqual({ at: { page, pages: 3, total: 41 }, rows: { skip, take: 20 } });
});

it('has one page of nothing, and no page more than the rows fill', () => {
  const sizeOf = (total: number) => pageOf(total, { wanted: 1, size: 20 }).at.pages;
  expect([sizeOf(0), sizeOf(20), sizeOf(21)]).toEqual([1, 1, 2]);
});
