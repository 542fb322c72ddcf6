import { expect, test } from 'vitest';
import { namesBusySocket } from './says-busy.js';

const head = 'Num       RefCount Protocol Flags    Type St Inode Path\n';
const line = (path: string) => `00000000154f1afd: 00000002 00000000 00010000 0001 01 44725395${path}\n`;

test('a process says that it is busy by an abstract socket of that name', () => {
  expect(namesBusySocket(head + line('') + line(' @berth-busy-8783-0'))).toBe(true);
  expect(namesBusySocket(head + line(' @berth-busy') + line(' /run/other.sock'))).toBe(true);
});

test('sockets of others say nothing', () => {
  expect(namesBusySocket('')).toBe(false);
  expect(namesBusySocket(head + line('') + line(' /tmp/@berth-busy') + line(' @not-berth-busy'))).toBe(false);
});
