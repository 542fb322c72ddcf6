import { expect, test } from 'vitest';
import { finishProcesses } from './finish-processes.js';

const clock = { name: 'clock', command: 'tick', singleton: true };
const web = { name: 'web', command: 'serve', singleton: false };

test("process types get the first quantity and size of the app's files; a singleton is never more than one", () => {
  const firstScale = { web: { quantity: 3, size: 'standard-2x' }, clock: { quantity: 1 } };
  expect(finishProcesses([web, clock], { firstScale, agents: [] }).processes).toEqual([
    { ...web, quantity: 3, size: 'standard-2x' },
    { ...clock, quantity: 1 },
  ]);
  expect(() => finishProcesses([clock], { firstScale: { clock: { quantity: 2 } }, agents: [] })).toThrow(
    'clock is a singleton: only one may run at a time.',
  );
});
