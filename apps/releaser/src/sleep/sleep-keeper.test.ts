import { expect, test } from 'vitest';
import { StartQueue, Transitions } from './sleep-keeper.js';

test('an app that was changed while somebody looked is left alone until the next look', async () => {
  const transitions = new Transitions();
  const lookedAt = performance.now();
  let end = () => {};
  const fall = transitions.run('app', 'fall', () => new Promise<void>((resolve) => (end = resolve)));
  expect(transitions.wasBusySince('app', lookedAt)).toBe(true);
  end();
  await fall;
  expect(transitions.isBusy('app')).toBe(false);
  expect(transitions.wasBusySince('app', lookedAt)).toBe(true);
  expect(transitions.wasBusySince('other', lookedAt)).toBe(false);
  const next = performance.now() + 1;
  expect(transitions.wasBusySince('app', next)).toBe(false);
  transitions.forgetBefore(next);
  expect(transitions.wasBusySince('app', lookedAt)).toBe(false);
});

test('two starts at a time, and those that a person waits for before the others', async () => {
  const starts = new StartQueue();
  const began: string[] = [];
  const ends: (() => void)[] = [];
  const start = (name: string, isUrgent: boolean) =>
    starts.run(isUrgent, () => {
      began.push(name);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  const all = [start('a', false), start('b', false), start('background', false), start('person', true)];
  expect(began).toEqual(['a', 'b']);
  for (let at = 0; at < 4; at++) {
    await expect.poll(() => ends.length).toBeGreaterThan(at);
    ends[at]?.();
  }
  await Promise.all(all);
  expect(began).toEqual(['a', 'b', 'person', 'background']);
});
