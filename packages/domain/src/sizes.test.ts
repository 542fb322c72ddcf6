import { describe, expect, it } from 'vitest';
import { parseSize } from './sizes.js';

describe('a size', () => {
  it('is known by its name in any case', () => {
    expect(parseSize('Standard-2X')).toMatchObject({ name: 'standard-2x', memoryBytes: 1024 * 1024 * 1024 });
  });

  it.each(['huge', '', 'constructor', '__proto__', 'toString'])('is not %j', (name) => {
    expect(() => parseSize(name)).toThrow(
      /^Couldn't find that size: .*Sizes: standard-1x, standard-2x, performance-m\.$/,
    );
  });
});
