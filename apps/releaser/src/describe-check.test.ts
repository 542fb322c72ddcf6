import { describe, expect, it } from 'vitest';
import { describeCheck } from './describe-check.js';

const lenient = { path: '/', strict: false };

describe('describeCheck', () => {
  it.each([
    ['L7STS/500', 'GET / answered 500'],
    ['L7STS 503', 'GET / answered 503'],
    ['* L7STS/500', 'GET / answered 500'],
    ['L4CON', 'it did not accept connections'],
    ['L4TOUT', 'it did not accept connections in time'],
    ['L7TOUT', 'GET / did not answer in time'],
    ['L7RSP', 'GET / was not answered with HTTP'],
    [null, 'GET / was not answered'],
  ])('puts %s into words', (lastCheck, words) => {
    expect(describeCheck(lastCheck, lenient)).toBe(words);
  });

  it('says what a strict check wants', () => {
    expect(describeCheck('L7STS/404', { path: '/healthz', strict: true })).toBe(
      'GET /healthz answered 404, and the health check wants 2xx',
    );
  });
});
