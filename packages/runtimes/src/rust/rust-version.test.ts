import { describe, expect, it } from 'vitest';
import { chooseRust } from './rust-version.js';

const debian = { from: 'debian' };
const channel = (name: string) => ({ from: 'channel', channel: name });

describe('chooseRust', () => {
  it.each([
    [undefined, debian, channel('stable')],
    ['stable', debian, channel('stable')],
    ['1.85', debian, debian],
    ['1.85.1', debian, debian],
    ['>=1.70', debian, channel('stable')],
    ['>=1.85', debian, channel('stable')],
    ['1.82.0', undefined, channel('1.82.0')],
    ['1.82.0-x86_64-unknown-linux-gnu', undefined, channel('1.82.0')],
    ['>=1.90', undefined, channel('stable')],
    ['nightly-2025-01-31', undefined, channel('nightly-2025-01-31')],
  ])('takes for %s what there is', (wish, alone, withChannels) => {
    if (alone) expect(chooseRust(wish, '1.85.1', false)).toEqual(alone);
    else expect(() => chooseRust(wish, '1.85.1', false)).toThrow("here, but 1.85.1, which is Debian's. For other");
    expect(chooseRust(wish, '1.85.1', true)).toEqual(withChannels);
  });

  it('refuses what is no version', () => {
    expect(() => chooseRust('1.82.0-armv7', '1.85.1', true)).toThrow('"1.82.0-armv7" is not a version of Rust');
  });
});
