import { describe, expect, test } from 'vitest';
import { toBuilds } from './list-python-builds.js';
import { allowsPython, pickPython } from './python-version.js';
import { pythonWarnings } from './python-warnings.js';

const known = toBuilds(
  '3.13.5-1',
  [{ suite: 'bookworm', version: '3.11.2-6+deb12u9' }],
  [
    '3.7.3-1.5.1',
    '3.9.2-1.5.5',
    '3.9.6-1.5.6',
    '3.10.8-1.5.8',
    '3.11.3-1.5.9',
    '3.12.1-1.5.10',
    '3.13.0-1.5.11',
    '3.14.3-1.5.13',
  ],
);
const build = (version: string) => known.find((one) => one.version === version)!;
const told = (wish: string, version: string) => pythonWarnings(wish, build(version), known[0]!);
const pick = (wish?: string) => pickPython(wish, known).version;

test('there is one build of each minor: the stack’s, then those that still get patches, then the newest relocatable', () => {
  expect(known.map(({ version, source }) => `${version} ${source.kind}`).sort()).toEqual([
    '3.10.8 artifact',
    '3.11.2 suite',
    '3.12.1 artifact',
    '3.13.5 stack',
    '3.14.3 artifact',
    '3.9.6 artifact',
  ]);
});

describe('a wish is', () => {
  test.each([
    [undefined, '3.13.5'],
    ['3.13', '3.13.5'],
    ['3.14', '3.14.3'],
    ['3.12.x', '3.12.1'],
    ['python-3.12.x', '3.12.1'],
    ['python-3.11.9', '3.11.2'],
    ['cpython@3.10', '3.10.8'],
    ['3.13.2', '3.13.5'],
    ['3', '3.13.5'],
    ['*', '3.13.5'],
  ])('%s: %s', (wish, version) => expect(pick(wish)).toBe(version));
});

describe('specifiers of PEP 440 and of Poetry:', () => {
  test.each([
    ['>=3.10', '3.13.5'],
    ['>=3.10,<3.13', '3.12.1'],
    ['>= 3.10, < 3.13', '3.12.1'],
    ['>3.13.5', '3.14.3'],
    ['~=3.11', '3.13.5'],
    ['~=3.11.0', '3.11.2'],
    ['==3.12.*', '3.12.1'],
    ['===3.12.1', '3.12.1'],
    ['!=3.13.*', '3.14.3'],
    ['<=3.12', '3.12.1'],
    ['>=3.9,<3.13,!=3.12.1', '3.11.2'],
    ['^3.9', '3.13.5'],
    ['~3.9', '3.9.6'],
    ['>=3.9 <3.10', '3.9.6'],
    ['~3.9 || ~3.12', '3.12.1'],
  ])('%s: %s', (wish, version) => expect(pick(wish)).toBe(version));
});

test('what there is not is said with all that there is', () => {
  expect(() => pick('2.7.18')).toThrow(
    'There is no Python 2.7.18. There are: 3.14.3, 3.13.5, 3.12.1, 3.11.2, 3.10.8, 3.9.6.',
  );
  expect(() => pick('>=4')).toThrow('There is no Python >=4.');
  expect(() => pick('pypy3.10')).toThrow('"pypy3.10" is not a version of Python that we understand.');
});

test('people are told of another patch than they asked for, of old ones, and of what an old build lacks', () => {
  expect(told('3.13', '3.13.5')).toEqual([]);
  expect(told('>=3.13.2', '3.13.5')).toEqual([]);
  expect(told('python-3.11.9', '3.11.2')).toEqual(['There is no Python 3.11.9; 3.11.2 is the 3.11 that there is.']);
  expect(told('3.12', '3.12.1')).toEqual([
    'Python 3.12.1 is an older patch of 3.12, without later security fixes. 3.13.5 gets them.',
  ]);
  expect(told('3.10', '3.10.8')).toHaveLength(2);
});

test('an app that the stack’s own Python is right for needs no other list', () => {
  const stack = known[0]!;
  for (const wish of [undefined, '3.13', '>=3.10', '3.13.2', '*']) expect(allowsPython(wish, stack)).toBe(true);
  for (const wish of ['3.12', '<3.13', '2.7.18', 'pypy']) expect(allowsPython(wish, stack)).toBe(false);
});
