import { expect, it } from 'vitest';
import { secretValues } from './secret-values.js';

it('hides every value but what Berth tells an app of its surroundings', () => {
  const config = {
    A: 'secret',
    BERTH_ENVIRONMENT: 'production',
    ORDERS_URL: 'http://orders.internal',
    B: 'production',
  };
  expect(secretValues(config)).toEqual(['secret', 'production']);
  expect(secretValues({ X_URL: 'http://u:p@orders.internal' })).toEqual(['http://u:p@orders.internal']);
});
