import { expect, test } from 'vitest';
import { needsBefore } from './start-order.js';

const notUp = new Map([
  ['web', ['cart', 'mail']],
  ['cart', ['orders', 'cart']],
  ['orders', ['users']],
  ['users', ['orders']],
]);

test('a service waits for what it needs and is not up; what is up, or elsewhere, is not waited for', () => {
  expect(needsBefore('web', notUp)).toEqual({ awaited: ['cart'], inCircle: [] });
  expect(needsBefore('mail', notUp)).toEqual({ awaited: [], inCircle: [] });
});

test('those that need each other start together, and who needs one of them waits', () => {
  expect(needsBefore('orders', notUp)).toEqual({ awaited: [], inCircle: ['users'] });
  expect(needsBefore('users', notUp)).toEqual({ awaited: [], inCircle: ['orders'] });
  expect(needsBefore('cart', notUp)).toEqual({ awaited: ['orders'], inCircle: [] });
});
