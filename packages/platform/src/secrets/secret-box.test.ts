import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openSecretBox } from './secret-box.js';

const key = () => randomBytes(32).toString('base64');

describe('secret box', () => {
  it('gives back what was sealed, and seals the same text differently each time', () => {
    const box = openSecretBox(key());
    const [one, two] = [box.seal('påss wörd'), box.seal('påss wörd')];
    expect(one).not.toBe(two);
    expect([box.open(one), box.open(two)]).toEqual(['påss wörd', 'påss wörd']);
  });

  it('derives a key per purpose, the same in every process', () => {
    const secret = key();
    const of = (purpose: string) => openSecretBox(secret).deriveKey(purpose);
    expect(of('one')).toBe(of('one'));
    expect(of('one')).not.toBe(of('two'));
    expect(Buffer.from(of('one'), 'base64')).toHaveLength(32);
  });

  it('opens nothing that was changed or sealed with another key', () => {
    const box = openSecretBox(key());
    const sealed = box.seal('secret');
    expect(() => openSecretBox(key()).open(sealed)).toThrow();
    const [version, nonce, mac] = sealed.split('.');
    expect(() => box.open([version, nonce, mac, Buffer.from('forged').toString('base64')].join('.'))).toThrow();
    expect(() => box.open('plain')).toThrow('not a sealed value');
  });
});
