import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { elfNeeded } from './elf-needed.js';

test('the libraries of a program are those that its loader is asked for', () => {
  const needed = elfNeeded(readFileSync(process.execPath));
  expect(needed).toContain('libc.so.6');
  expect(needed?.every((name) => /^[\w.+-]+\.so(\.\d+)*$/.test(name))).toBe(true);
});

test('what is no program needs nothing', () => {
  expect(elfNeeded(Buffer.from('#!/bin/sh\necho hello\n'))).toBeUndefined();
  expect(elfNeeded(Buffer.alloc(0))).toBeUndefined();
});

test('a broken program is no crash', () => {
  const program = readFileSync(process.execPath).subarray(0, 4096);
  for (let length = 0; length < program.length; length += 17)
    expect(() => elfNeeded(program.subarray(0, length))).not.toThrow();
});
