import { TransientError, UserError } from '@berth/domain/errors';
import { describe, expect, it } from 'vitest';
import { LeaseLostError } from './lease.js';
import { NotYetError } from './not-yet.js';
import { toFinalError } from './to-final-error.js';

const fault = new Error('a secret of ours');
const aborted = (reason: unknown) => AbortSignal.abort(reason);
const never = new AbortController().signal;

const end = (thrown: unknown, { isLast = false, signal = never } = {}) => {
  const logged: unknown[] = [];
  const logger = { error: (about: object) => void logged.push(about) };
  return { logged, error: toFinalError(thrown, { signal, isLastAttempt: () => isLast }, logger) };
};

describe('what ends a job for good', () => {
  it('is what the customer did, at once and in its own words', () => {
    const thrown = new UserError('build_failed', 'It failed.');
    expect(end(thrown)).toEqual({ logged: [], error: expect.objectContaining({ message: 'It failed.' }) });
  });

  it('is why it was aborted, whatever was thrown by that', () => {
    const signal = aborted(new UserError('cancelled', 'It was cancelled.'));
    expect(end(fault, { signal }).error.message).toBe('It was cancelled.');
  });

  it('is a fault of ours at the last try only, logged under the id that people see', () => {
    expect(() => end(fault)).toThrow(fault);
    const { error, logged } = end(fault, { isLast: true });
    expect(error.message).not.toContain('secret');
    const [{ id }] = logged as [{ id: string }];
    expect(error.message).toContain(id);
  });

  it.each([
    ['a lost lease', new LeaseLostError('lost'), never],
    ['what must end first', new NotYetError('another one runs'), never],
    ['an abort for somebody else', fault, aborted(new TransientError('the process stops'))],
  ])('is not %s, even at the last try', (_what, thrown, signal) => {
    expect(() => end(thrown, { isLast: true, signal })).toThrow();
  });
});
