import semver from 'semver';
import { describe, expect, it } from 'vitest';
import { rubyRange } from './ruby-range.js';

describe('rubyRange', () => {
  it.each([
    ['3.3.13', '3.3.13', true],
    ['3.3.5', '3.3.13', false],
    ['3.3', '3.3.13', true],
    ['~> 3.3.0', '3.3.13', true],
    ['~> 3.2.0', '3.3.13', false],
    ['~> 3.2', '3.3.13', true],
    ['~> 3', '3.3.13', true],
    ['>= 3.1', '3.3.13', true],
    ['>= 3.1, < 3.3', '3.3.13', false],
    ['>= 3.1, < 3.4', '3.3.13', true],
    ['ruby-3.3.13', '3.3.13', true],
    ['3.3.13p220', '3.3.13', true],
    ['3.3.13-p220', '3.3.13', true],
  ])('%s lets %s in: %s', (wish, version, isIn) => {
    expect(semver.satisfies(version, rubyRange(wish))).toBe(isIn);
  });
});
