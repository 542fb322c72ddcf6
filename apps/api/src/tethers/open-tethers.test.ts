import { expect, test } from 'vitest';
import { OpenTethers } from './open-tethers.js';
import type { Tether } from './tether.js';

/** A connected machine, as far as the list of them looks at it. */
function machineOf(userId: string, machine: string) {
  let drop = () => {};
  const ended = new Promise<void>((resolve) => {
    drop = resolve;
  });
  return { id: `${userId} ${machine}`, userId, machine, streamCount: 0, ended, drop, agents: new Map() };
}

const names = Array.from({ length: 25 }, (_, index) => `machine ${index}`);

test('machines that come at the same time have no more places than those that come one by one', async () => {
  const tethers = new OpenTethers();
  const come = (machine: string, userId = 'ann') =>
    tethers.admit({ machine, userId }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return machineOf(userId, machine) as unknown as Tether;
    });
  const answers = await Promise.allSettled(names.map((name) => come(name)));
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  await expect(come('one more')).rejects.toMatchObject({ code: 'rate_limited' });
  await come('machine 0'); // takes the place of itself
  await come('machine 0', 'bob');
  tethers.find({ id: 'ann machine 9', userId: 'ann' }).drop();
  await come('one more');
});

test('a place that nobody takes is free again', async () => {
  const tethers = new OpenTethers();
  for (const machine of names) {
    const failed = tethers.admit({ machine, userId: 'ann' }, () => Promise.reject(new Error('taken')));
    await expect(failed).rejects.toThrow('taken');
    await tethers.admit({ machine, userId: 'ann' }, async () => undefined);
  }
});
