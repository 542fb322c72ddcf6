import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseData } from './parse-data.js';

const none = { data: undefined, addOns: [], masks: [] };

test('nothing given says nothing', () => expect(parseData(none)).toBeUndefined());

test('one policy for all, and others by name', () => {
  expect(parseData({ ...none, data: 'empty' })).toEqual({ policy: 'empty' });
  expect(parseData({ ...none, addOns: ['postgresql-1a=copy', 'constructor=share'] })).toEqual({
    add_ons: { 'postgresql-1a': { policy: 'copy' }, constructor: { policy: 'share' } },
  });
});

test('a mask is read from its file, and makes a copy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-mask-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'mask.sql');
  writeFileSync(file, 'DELETE FROM people');
  expect(parseData({ ...none, masks: [`postgresql-1a=${file}`] })).toEqual({
    add_ons: { 'postgresql-1a': { policy: 'copy', mask: 'DELETE FROM people' } },
  });
});

test.each(['postgresql-1a', '=copy', 'postgresql-1a='])('%j is refused', (text) =>
  expect(() => parseData({ ...none, addOns: [text] })).toThrow('is not <add-on>=<policy>.'),
);
