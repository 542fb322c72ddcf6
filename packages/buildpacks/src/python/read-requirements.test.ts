import { describe, expect, test } from 'vitest';
import { readRequirements } from './read-requirements.js';

const read = (text: string, others: Record<string, string> = {}) =>
  readRequirements('requirements.txt', { 'requirements.txt': text, ...others });

test('names are those of PEP 503, whatever stands behind them', () => {
  const text = `Flask[async]>=3 ; python_version > "3.8"  # web
psycopg2_Binary==2.9 \\
    --hash=sha256:abc \\
    --hash=sha256:def
git+https://git.test/a.git@v1#egg=My.Package
other @ https://files.test/other-1.0.whl
`;
  expect(read(text)).toEqual({
    files: ['requirements.txt'],
    names: ['flask', 'psycopg2-binary', 'my-package', 'other'],
    extras: { flask: ['async'] },
    needsSource: undefined,
    needsPip: false,
  });
});

test('included files belong to what the install sees; a circle ends', () => {
  const found = read('-r requirements/prod.txt\n-c constraints.txt\n', {
    'requirements/prod.txt': '-r base.txt\n-r ../requirements.txt\ngunicorn\n',
    'requirements/base.txt': 'django\n',
    'constraints.txt': 'django<6\n',
  });
  expect(found.files).toEqual([
    'requirements.txt',
    'requirements/prod.txt',
    'requirements/base.txt',
    'constraints.txt',
  ]);
  expect(found.names).toContain('gunicorn');
  expect(found.needsSource).toBeUndefined();
});

describe('the whole source is needed for', () => {
  test.each([
    ['-e .', 'names .'],
    ['.[dev]', 'names .'],
    ['./packages/a', 'names ./packages/a'],
    ['../a', 'names ../a'],
    ['--editable=./a', 'names ./a'],
    ['vendor/a-1.0-py3-none-any.whl', 'names vendor/a-1.0-py3-none-any.whl'],
    ['a @ file:vendor/a.whl', 'names a @ file:vendor/a.whl'],
    ['--find-links vendor', 'has --find-links vendor'],
    ['-r nowhere.txt', 'includes nowhere.txt'],
  ])('%s', (line, reason) => expect(read(line).needsSource).toContain(reason));
});

describe('only the packages and their index are needed for', () => {
  test.each([
    'a==1.0',
    'a-b.c>=1',
    '--index-url https://index.test/simple',
    'https://files.test/a-1.0.tar.gz',
    'a @ https://x.test/a.zip',
  ])('%s', (line) => expect(read(line).needsSource).toBeUndefined());
});

test('settings that uv takes otherwise are left to pip', () => {
  expect(read('--extra-index-url https://index.test/simple\na\n').needsPip).toBe(true);
  expect(read('--pre\na\n').needsPip).toBe(true);
  expect(read('--index-url https://index.test/simple\na\n').needsPip).toBe(false);
});
