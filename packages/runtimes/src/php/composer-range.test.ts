import semver from 'semver';
import { describe, expect, it } from 'vitest';
import { composerRange } from './composer-range.js';

describe('composerRange', () => {
  it.each([
    ['^8.2', '8.4.28', true],
    ['>=8.1', '8.4.28', true],
    ['>=8.1 <8.4', '8.4.28', false],
    ['>=8.1,<8.5', '8.4.28', true],
    ['~8.3', '8.4.28', true],
    ['~8.3.0', '8.4.28', false],
    ['8.4.*', '8.4.28', true],
    ['8.2.*', '8.4.28', false],
    ['^7.4 || ^8.0', '8.4.28', true],
    ['^7.4|^8.0', '8.4.28', true],
    ['^7.4', '8.4.28', false],
    ['*', '8.4.28', true],
    ['8.1 - 8.4', '8.4.28', true],
  ])('%s lets %s in: %s', (constraint, version, isIn) => {
    expect(semver.satisfies(version, composerRange(constraint))).toBe(isIn);
  });
});
