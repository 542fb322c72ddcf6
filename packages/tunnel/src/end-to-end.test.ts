import { expect, test } from 'vitest';
import { endToEnd } from './end-to-end.js';

test('headers of one hop stay behind, all others go on as they were written', () => {
  const raw = [
    'Host',
    'localhost:4001',
    'X-Twice',
    '1',
    'x-twice',
    '2',
    'Proxy-Connection',
    'keep-alive',
    'TE',
    'trailers',
  ];
  expect(endToEnd(raw)).toEqual(['Host', 'localhost:4001', 'X-Twice', '1', 'x-twice', '2']);
  expect(endToEnd(raw, { hostHeader: 'orders.internal', without: ['x-twice'] })).toEqual(['Host', 'orders.internal']);
});
