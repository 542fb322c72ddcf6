import { UserError } from '@berth/domain/errors';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchRight } from './watch-right.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a lost right is told once, with its sentence; a look that fails is none', async () => {
  let answer: Error | undefined;
  let looks = 0;
  const heard: string[] = [];
  const check = async () => {
    looks++;
    if (answer) throw answer;
  };
  watchRight(check, (sentence) => heard.push(sentence));
  await vi.advanceTimersByTimeAsync(10_000);
  answer = new Error('the database is away');
  await vi.advanceTimersByTimeAsync(10_000);
  expect([looks, heard]).toEqual([2, []]);
  answer = new UserError('forbidden', 'You may not.');
  await vi.advanceTimersByTimeAsync(60_000);
  expect([looks, heard]).toEqual([3, ['You may not.']]);
});

test('looks that take long say it once; after the end nobody looks, and nothing is said', async () => {
  const heard: string[] = [];
  const slow = () => new Promise<void>((_, reject) => setTimeout(reject, 25_000, new UserError('forbidden', 'No.')));
  watchRight(slow, (sentence) => heard.push(sentence));
  await vi.advanceTimersByTimeAsync(120_000);
  expect(heard).toEqual(['No.']);
  const stop = watchRight(slow, (sentence) => heard.push(sentence));
  await vi.advanceTimersByTimeAsync(15_000);
  stop();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(heard).toEqual(['No.']);
});
