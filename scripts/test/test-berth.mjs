import { readSettings } from '../up/settings.mjs';

/**
 * The Berth that tests run on: its own name, home, ports and networks, so that it stands beside one of `npm start`.
 * Tests that make networks of their own take them from 100.104.0.0 up; this one stays below.
 */
export const testEnv = {
  BERTH_INSTANCE: 'test',
  BERTH_HOME: '.berth-test',
  BERTH_DOMAIN: 'localhost',
  BERTH_PORT: '5600',
  BERTH_APPS_PORT: '8680',
  BERTH_APPS_TLS_PORT: '8643',
  BERTH_SSH_PORT: '2622',
  BERTH_REGISTRY_PORT: '5650',
  BERTH_SUBNET_POOL: '100.96.0.0/14',
  BERTH_LEASE_TTL_MS: '3000', // what a killed process did is taken over sooner: e2e/kills.e2e.test.ts kills thirty
  BERTH_BUILDS_YIELD: 'false', // they would wait for the tests that run beside them
};

export const testSettings = () => readSettings({ ...process.env, ...testEnv });
