import { expect, test } from 'vitest';
import { limitsOf, numberOf, windowsOf } from './form-values';

const form = (fields: Record<string, string>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};

test('a limit that is left empty is none, and what is none is refused in a sentence', () => {
  expect(limitsOf(form({ apps: '3', cpus: '1.5', memoryMiB: ' ' }), ['apps', 'cpus', 'memoryMiB'])).toEqual({
    apps: 3,
    cpus: 1.5,
  });
  for (const apps of ['-1', '1.5']) expect(() => limitsOf(form({ apps }), ['apps'])).toThrow('A limit is a number');
  expect(() => limitsOf(form({ apps: 'many' }), ['apps'])).toThrow('many is not a number.');
});

test('an empty field is null, and no windows are an empty list', () => {
  expect(numberOf(form({}), 'approvals')).toBeNull();
  expect(windowsOf(form({ awake: '' }), 'awake')).toEqual([]);
});
