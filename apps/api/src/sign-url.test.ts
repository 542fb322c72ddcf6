import { describe, expect, test } from 'vitest';
import { type Grant, openSigner } from './sign-url.js';

const grant: Grant = { kind: 'output', userId: 'u', appId: 'a', noun: 'build', id: 'b' };
const day = 24 * 3600 * 1000;

describe('a signed stream address', () => {
  const signer = openSigner('one secret');

  test('opens what was signed', () => {
    expect(signer.open(signer.sign(grant))).toEqual(grant);
  });

  test.each([
    ['of another secret', () => openSigner('another').sign(grant)],
    ['with other words', () => signer.sign(grant).replace(/^./, 'x')],
    ['without signature', () => signer.sign(grant).split('.')[0] ?? ''],
    ['of the day before yesterday', () => signer.sign(grant, Date.now() - 2 * day)],
    ['empty', () => ''],
  ])('%s opens nothing', (_name, signed) => {
    expect(() => signer.open(signed())).toThrow("Couldn't find that stream");
  });
});
