import type { ReleaseWork } from '@berth/platform/rollouts/read-work';
import { expect, test } from 'vitest';
import { oneOffSpec } from './one-off-spec.js';

const MiB = 1024 * 1024;
const work: ReleaseWork = {
  release: { id: 'r', version: 3 },
  app: {
    ...{ id: 'a', name: 'shop', environmentId: 'e', environmentKind: 'stable', debugUntil: null, volumes: [] },
    firstSize: 'performance-m',
  },
  image: {
    ...{ registry: 'dev', repository: 'app/x', digest: 'sha256:1', commit: 'c0ffee' },
    ...{ processTypes: [], agents: [], cron: [], postdeploy: null, runtime: 'node' },
    healthcheck: { path: '/', timeoutMs: 60_000, strict: false },
  },
  config: {},
  formation: [],
};
const memoryOf = (size?: string | null) =>
  oneOffSpec(work, { dyno: 'release.1', command: 'node migrate.js', key: 'r', timeoutMs: 1_000, size }).memoryBytes /
  MiB;

test('a command has its own size, else that of new processes in its environment', () => {
  expect(memoryOf('standard-2x')).toBe(1024);
  expect(memoryOf()).toBe(2560); // a release command, or what app.json runs
  expect(memoryOf(null)).toBe(2560); // a cron job's row
});
