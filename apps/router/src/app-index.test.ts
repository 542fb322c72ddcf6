import { expect, test } from 'vitest';
import { AppIndex } from './app-index.js';

test('a machine answers for a service of the environment that a call was for, or whose host was asked for', () => {
  const apps = new AppIndex();
  const place = { teamId: 'team', subnet: null };
  const app = { maintenance: false, version: 1, appliedVersion: 1, rolloutId: null };
  apps.learn({
    environments: [
      { ...place, id: 'e1', name: 'daily', baseId: null },
      { ...place, id: 'e2', name: 'pa', baseId: 'e1' },
    ],
    routes: [{ ...app, appId: 'a', environmentId: 'e2', hosts: ['cart--pa.localhost'], service: 'cart' }],
    backends: [],
  });
  const process = 'machine';
  const ofInternal = apps.detourEnd({ host: 'orders.internal', environmentId: 'e2' });
  expect(ofInternal).toEqual({ environment: 'pa', service: 'orders', process });
  const ofHost = apps.detourEnd({ host: 'Cart--pa.localhost:8080', environmentId: '' });
  expect(ofHost).toEqual({ environment: 'pa', service: 'cart', process });
});
