import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { RecentBytes } from './recent-bytes.js';

const file = randomBytes(9 * 1024 * 1024 + 7);

function open() {
  let at = 0;
  const take = async (count: number) => {
    const part = file.subarray(at, at + count);
    at += part.length;
    return part;
  };
  return new RecentBytes({ take });
}

test('pieces are had in any order near to each other, across the end of the ring too', async () => {
  const bytes = open();
  const step = 32 * 1024;
  const offsets = Array.from({ length: Math.ceil(file.length / step) }, (_, index) => index * step);
  const isRead = async (offset: number, length: number) =>
    (await bytes.read(offset, length))?.equals(file.subarray(offset, offset + length));
  for (let first = 0; first < offsets.length; first += 64) {
    const some = offsets.slice(first, first + 64);
    for (const offset of some) expect(await isRead(offset, 30_000)).toBe(true);
    for (const offset of some) expect(await isRead(offset + 30_000, step - 30_000)).toBe(true);
  }
  expect((await bytes.read(file.length, 10))?.length).toBe(0);
});

test('what is far from there is not kept', async () => {
  const bytes = open();
  expect(await bytes.read(8 * 1024 * 1024, 10)).toBeUndefined();
  for (let at = 0; at < 6; at += 1) await bytes.read(at * 1024 * 1024, 200_000);
  expect(await bytes.read(0, 10)).toBeUndefined();
  expect(await bytes.read(5 * 1024 * 1024, 300_000)).toBeUndefined();
});
