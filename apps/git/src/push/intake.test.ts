import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { flush, packet, sideband } from '../wire/pkt-line.js';
import { Intake, refusalOf } from './intake.js';

const command = (ref: string) => `${'0'.repeat(40)} ${'a'.repeat(40)} ${ref}`;

test('a refusal answers every command inside the side band that the client asked for', () => {
  const head = Buffer.concat([
    packet(`${command('refs/heads/main')}\0 report-status side-band-64k agent=git/2`),
    packet(command('refs/tags/v1')),
    flush,
    Buffer.from('PACK…'),
  ]);
  const report = Buffer.concat([
    packet('unpack No.\n'),
    packet('ng refs/heads/main No.\n'),
    packet('ng refs/tags/v1 No.\n'),
    flush,
  ]);
  expect(refusalOf(head, 'No.')).toEqual(Buffer.concat([sideband(1, report), flush]));
});

test('the probe before a large push has no commands and gets no report', () => {
  expect(refusalOf(flush, 'No.')).toEqual(Buffer.alloc(0));
});

test('bytes over the limit are read and thrown away', async () => {
  let exceeded = 0;
  const intake = new Intake(5, () => {
    exceeded += 1;
  });
  const passed: Buffer[] = [];
  for await (const chunk of Readable.from([Buffer.from('abc'), Buffer.from('def'), Buffer.from('ghi')]).pipe(intake))
    passed.push(chunk as Buffer);
  expect([Buffer.concat(passed).toString(), exceeded, intake.isExceeded]).toEqual(['abc', 1, true]);
});
