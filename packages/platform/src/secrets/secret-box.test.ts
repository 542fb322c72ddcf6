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

  it('opens nothing that was changed or sealed with another key', () => {
    const box = openSecretBox(key());
    const sealed = box.seal('secret');
    expect(() => openSecretBox(key()).open(sealed)).toThrow();
    const [version, nonce, mac] = sealed.split('.');
    expect(() => box.open([version, nonce, mac, Buffer.from('forged').toString('base64')].join('.'))).toThrow();
    expect(() => box.open('plain')).toThrow('not a sealed value');
  });
});
