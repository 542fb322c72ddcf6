import { UserError } from '@berth/domain/errors';
import { describe, expect, it } from 'vitest';
import { goVersionsOf, pickGoVersion } from './go-version.js';

const known = ['1.24.13', '1.23.12', '1.24.3', '1.27.4', '1.9.7', '1.27.10', '1.26.11'];

describe('pickGoVersion', () => {
  it.each([
    ['1.24', '1.24.13'],
    ['1.24.3', '1.24.13'],
    ['go1.24.3', '1.24.13'],
    ['^1.23', '1.23.12'],
    ['1.23.x', '1.23.12'],
    ['1', '1.27.10'],
    ['latest', '1.27.10'],
    [undefined, '1.27.10'],
  ])('%s is %s', (wish, version) => {
    expect(pickGoVersion(wish, known)).toBe(version);
  });

  it.each(['1.22', '1.24.99', 'banana', '1.24rc1'])('%s is refused', (wish) => {
    expect(() => pickGoVersion(wish, known)).toThrow(UserError);
  });

  it('says which there are', () => {
    expect(() => pickGoVersion('1.99', known)).toThrow('1.27.10, 1.26.11, 1.24.13, 1.23.12, 1.9.7');
  });
});

it('reads the list of the toolchain module', () => {
  const rows = ['v0.0.1-go1.24rc1', 'v0.0.1-go1.24.3', 'v0.0.1-go1.9.2rc2', 'v0.0.1-go1.27.4'];
  const list = rows.flatMap((row) => [`${row}.linux-amd64`, `${row}.linux-arm64`]).join('\n');
  expect(goVersionsOf(list)).toEqual(['1.24.3', '1.27.4']);
});
