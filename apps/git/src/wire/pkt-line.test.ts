import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { flush, packet, readPackets, sideband, takePacket } from './pkt-line.js';

test('a packet says its length with itself, in four hexadecimal digits', () => {
  expect(packet('version=1\n').toString()).toBe('000eversion=1\n');
  expect(() => packet(Buffer.alloc(65_517))).toThrow('pkt-line');
});

test('a packet is taken when it is whole', () => {
  expect(takePacket(Buffer.from('000'))).toBeUndefined();
  expect(takePacket(Buffer.from('0006a'))).toBeUndefined();
  expect(takePacket(Buffer.from('0006ab0000'))).toEqual({ packet: Buffer.from('ab'), rest: Buffer.from('0000') });
  expect(takePacket(Buffer.from('0000x'))).toEqual({ packet: 'flush', rest: Buffer.from('x') });
  expect(() => takePacket(Buffer.from('GET /'))).toThrow('not a pkt-line');
  expect(() => takePacket(Buffer.from('0003'))).toThrow('not a pkt-line');
});

test('packets are read from a stream however it is cut', async () => {
  const bytes = Buffer.concat([packet('one'), flush, packet('two')]);
  const stream = Readable.from([...bytes].map((byte) => Buffer.from([byte])));
  const read: string[] = [];
  for await (const each of readPackets(stream)) read.push(each.toString());
  expect(read).toEqual(['one', 'flush', 'two']);
});

test('a long text is split over side-band packets', () => {
  const first = takePacket(sideband(2, 'x'.repeat(70_000)))!;
  const second = takePacket(first.rest)!;
  expect([first.packet.length, second.packet.length]).toEqual([65_516, 70_000 - 65_515 + 1]);
  expect((second.packet as Buffer)[0]).toBe(2);
});
