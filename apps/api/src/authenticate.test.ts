import { describe, expect, test } from 'vitest';
import { basicOf, tokenOf } from './authenticate.js';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('the token of a request', () => {
  test.each([
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    [basic(':abc'), 'abc'],
    [basic('heroku:abc'), 'abc'],
    [basic('no colon'), undefined],
    ['Digest abc', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (header, token) => {
    expect(tokenOf(header)).toBe(token);
  });

  test('a password may have colons', () => {
    expect(basicOf(basic('a@b.example:c:d'))).toEqual({ user: 'a@b.example', password: 'c:d' });
  });
});
