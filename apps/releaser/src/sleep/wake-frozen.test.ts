import { expect, test } from 'vitest';
import { type SleepKeeper, StartQueue, Transitions } from './sleep-keeper.js';
import { wakeFrozen } from './wake-app.js';

/** What a wake touches, in its order. */
function openKeeper({ gone = [] as string[] } = {}) {
  const did: string[] = [];
  const app = { findUnique: async () => void did.push('rows') }; // no such app: the wake of the rows ends there
  const keeper = {
    platform: { db: { app } },
    engine: {
      thawInstances: async (ids: string[]) => {
        did.push(`thaw ${ids}`);
        return { gone };
      },
    },
    transitions: new Transitions(),
    starts: new StartQueue(),
    frozen: new Map(),
    logger: { warn: () => did.push('warned') },
  } as unknown as SleepKeeper;
  return { keeper, did };
}

test('who waits at the gate is told after the thaw, and the rows follow later, under the same transition', async () => {
  const { keeper, did } = openKeeper();
  expect(await wakeFrozen(keeper, 'app', ['c1', 'c2'])).toBe(true);
  expect(did).toEqual(['thaw c1,c2']);
  expect(keeper.transitions.isBusy('app')).toBe(true);
  const stopped = keeper.transitions.run('app', 'stop', async () => void did.push('stop'));
  await stopped;
  expect(did).toEqual(['thaw c1,c2', 'rows', 'warned', 'stop']);
  expect(keeper.transitions.isBusy('app')).toBe(false);
});

test('one whose processes are gone is not said to be awake: the rows are read at once', async () => {
  const { keeper, did } = openKeeper({ gone: ['c1'] });
  await expect(wakeFrozen(keeper, 'app', ['c1'])).rejects.toThrow('This app is gone.');
  expect(did).toEqual(['thaw c1', 'rows']);
});

test('two at once share one thaw, and the second is told as soon', async () => {
  const { keeper, did } = openKeeper();
  const answers = await Promise.all([wakeFrozen(keeper, 'app', ['c1']), wakeFrozen(keeper, 'app', ['c1'])]);
  expect(answers).toEqual([true, false]); // the second one looks where the app answers
  expect(did).toEqual(['thaw c1']);
  await keeper.transitions.settled();
});
