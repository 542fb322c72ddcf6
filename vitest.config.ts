import { defineConfig } from 'vitest/config';

/** How long `expect.poll` looks where a test does not say: for what takes a moment, on a machine that is busy with something else. */
const polls = (timeout: number) => ({ poll: { timeout, interval: 50 } });
const exclude = ['**/node_modules/**', '**/dist/**', '**/.next/**'];

/** Three projects: pure code; our code on the real parts; the whole of a running Berth from outside. `npm test` runs all. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages,apps}/*/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.mjs'],
          exclude,
          expect: polls(10_000),
          testTimeout: 30_000, // of pure code: only a machine that is busy with something else needs it
        },
      },
      {
        test: {
          name: 'integration',
          include: ['{packages,apps}/*/test/**/*.integration.test.ts'],
          exclude,
          expect: polls(30_000),
          testTimeout: 60_000,
          hookTimeout: 120_000,
          retry: 1, // real daemons on two shared cores: a time limit missed once is not a fault, twice is
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.test.ts'],
          exclude,
          expect: polls(60_000),
          testTimeout: 300_000,
          hookTimeout: 300_000,
          retry: 1,
          fileParallelism: false, // two cores: one file's load would be another's timeout
          maxConcurrency: 2,
        },
      },
    ],
  },
});
