import { expect, test } from 'vitest';
import { describeEnvironment } from './describe-environment.js';

test('an environment says whose machine answers for a service', () => {
  const environment = {
    ...{
      name: 'red',
      base: { name: 'daily' },
      team: { name: 'default' },
      owner: null,
      status: 'ready',
      expires_at: null,
    },
    services: [],
    fallbacks: [{ service: 'mail', app: null }],
    detours: [{ service: 'orders', by: { email: 'ada@example.com' } }],
  };
  expect(describeEnvironment(environment)).toEqual([
    'red (ready), on daily',
    '  the machine of ada@example.com answers for orders',
    '  daily answers for mail',
  ]);
});
