import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inTurn } from './in-turn.js';

it('does to one thing one after the other, after a failure too, and to another meanwhile', async () => {
  const done: string[] = [];
  const slow = inTurn('a', async () => {
    await sleep(20);
    done.push('first');
    throw new Error('broken');
  });
  const next = inTurn('a', async () => void done.push('second'));
  await inTurn('b', async () => void done.push('other'));
  await expect(slow).rejects.toThrow('broken');
  await next;
  expect(done).toEqual(['other', 'first', 'second']);
});
