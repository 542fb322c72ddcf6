import { expect, test } from 'vitest';
import { parseExports, usesData, withLocalData } from './service-vars.js';

test('what the API prints for a shell is read, also quotes and several lines', () => {
  const text = "export A='1'\nexport KEY='-----\nit'\\''s\n-----'\nexport EMPTY=''\n";
  expect(parseExports(text)).toEqual({ A: '1', KEY: "-----\nit's\n-----", EMPTY: '' });
});

test('databases of Berth are reached at a local port, others stay', () => {
  const vars = { DATABASE_URL: 'postgres://u:p@data.internal:5432/d', OTHER_URL: 'postgres://u:p@db.example:5432/d' };
  expect(usesData(vars)).toBe(true);
  expect(usesData({ OTHER_URL: vars.OTHER_URL })).toBe(false);
  expect(withLocalData(vars, 4000)).toEqual({ ...vars, DATABASE_URL: 'postgres://u:p@127.0.0.1:4000/d' });
});
