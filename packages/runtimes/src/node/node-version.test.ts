import { describe, expect, it } from 'vitest';
import { pickNodeVersion } from './node-version.js';

const known = ['18.20.8', '20.19.0', '20.20.2', '22.23.3', '24.1.0', '24.21.0', '25.9.0', '26.10.0', '27.0.0-nightly'];

describe('pickNodeVersion', () => {
  it.each([
    [undefined, '24.21.0'],
    ['', '24.21.0'],
    ['20.x', '20.20.2'],
    ['20.19.0', '20.19.0'],
    ['v22', '22.23.3'],
    ['^24.0.0', '24.21.0'],
    ['>=18', '24.21.0'],
    ['>=18 <23', '22.23.3'],
    ['>=25', '26.10.0'],
    ['lts/*', '24.21.0'],
    ['lts/iron', '20.20.2'],
    ['latest', '26.10.0'],
    ['18 || 20', '20.20.2'],
  ])('%s means %s', (wish, version) => {
    expect(pickNodeVersion(wish, known)).toBe(version);
  });

  it('says which lines there are when none fits', () => {
    expect(() => pickNodeVersion('99', known)).toThrow(
      'There is no Node.js 99. The newest of each line: 26.10.0, 25.9.0, 24.21.0, 22.23.3, 20.20.2, 18.20.8.',
    );
    expect(() => pickNodeVersion('banana', known)).toThrow('"banana" is not a version of Node.js that we understand.');
  });
});
