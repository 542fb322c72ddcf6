import { describe, expect, it } from 'vitest';
import { findBelow, inTrees, isMadeByInstall, matchesGlobs } from './trees.js';

describe('trees', () => {
  it('of a bare name lie at any depth, others at one place', () => {
    const isIn = inTrees(['node_modules', '.venv', 'vendor/bundle']);
    const paths = [
      'node_modules',
      'a/node_modules/b',
      '.venv/bin/x',
      'vendor/bundle/y',
      'a/.venv/x',
      'vendor/z',
      'src/a',
    ];
    expect(paths.filter(isIn)).toEqual(['node_modules', 'a/node_modules/b', '.venv/bin/x', 'vendor/bundle/y']);
  });

  it('at the top are made by the install, not those of a fixture below', () => {
    const isMade = isMadeByInstall(['node_modules', '.venv']);
    expect(['node_modules/a', 'test/node_modules/a', '.venv'].filter(isMade)).toEqual(['node_modules/a', '.venv']);
  });

  it('are found by find', () => {
    expect(findBelow(['node_modules', '.venv'], '/w/app').join(' ')).toBe(
      '( -path */node_modules/* -o -path /w/app/.venv/* )',
    );
  });

  it('globs match a directory with all below it', () => {
    const isOut = matchesGlobs(['**/*.go', 'target/**/deps', '**/node_modules/.cache']);
    const paths = [
      'a.go',
      'x/b.go',
      'target/release/deps/y',
      'node_modules/.cache/z',
      'b/node_modules/.cache',
      'go',
      'target/x',
    ];
    expect(paths.filter(isOut)).toEqual(paths.slice(0, 5));
    expect(['a', 'b'].filter(matchesGlobs([]))).toEqual([]);
  });
});
