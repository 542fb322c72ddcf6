import type { RunOverride } from '@berth/domain/run-settings';
import { expect, test } from 'vitest';
import { finishProcesses } from './finish-processes.js';

const clock = { name: 'clock', command: 'tick', singleton: true };
const web = { name: 'web', command: 'serve', singleton: false };

test("process types get the first quantity and size of the app's files; a singleton is never more than one", () => {
  const firstScale = { web: { quantity: 3, size: 'standard-2x' }, clock: { quantity: 1 } };
  expect(finishProcesses([web, clock], { firstScale, agents: [], environments: {} }).processes).toEqual([
    { ...web, quantity: 3, size: 'standard-2x' },
    { ...clock, quantity: 1 },
  ]);
  expect(() =>
    finishProcesses([clock], { firstScale: { clock: { quantity: 2 } }, agents: [], environments: {} }),
  ).toThrow('clock is a singleton: only one may run at a time.');
});

test('what differs by environment is checked like the rest, where the app is built', () => {
  const finish = (qa: RunOverride) =>
    finishProcesses([web, clock], {
      firstScale: {},
      agents: [{ name: 'proxy', command: 'p', processes: ['web'] }],
      environments: { qa },
    });
  expect(finish({ processes: { web: { quantity: 3 } } }).processes).toEqual([web, clock]);
  expect(() => finish({ processes: { wbe: { quantity: 3 } } })).toThrow(
    'berth.yaml: environments.qa changes the process "wbe", which this app does not have. Did you mean "web"?',
  );
  expect(() => finish({ processes: { clock: { quantity: 2 } } })).toThrow(
    'clock is a singleton: only one may run at a time (berth.yaml, environments.qa).',
  );
  expect(() => finish({ agents: { proxy: { processes: ['worker'] } } })).toThrow(
    'The agent "proxy" is for the process "worker", which this app does not have (berth.yaml, environments.qa). It has: web, clock.',
  );
});
