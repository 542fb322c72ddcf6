import { expect, test } from 'vitest';
import { parseService } from './parse-service.js';

test.each([
  ['cart', { service: 'cart' }],
  ['cart:feature/red', { service: 'cart', branch: 'feature/red' }],
  ['cart@1a2b3c4', { service: 'cart', commit: '1a2b3c4' }],
  ['cart=v12', { service: 'cart', release: 'v12' }],
])('%s', (text, wish) => expect(parseService(text)).toEqual(wish));

test.each(['', ':red', 'Cart', 'cart:', 'cart=', 'cart red'])('%j is refused', (text) =>
  expect(() => parseService(text)).toThrow('is none of'),
);
