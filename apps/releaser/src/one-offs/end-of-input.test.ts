import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { untilEndOfInput } from './end-of-input.js';

/** What goes through of these pieces, each 20 ms after the one before; the sender never closes. */
async function through(...pieces: string[]): Promise<string> {
  const stream = untilEndOfInput();
  const passed = buffer(stream);
  for (const piece of pieces) {
    stream.write(piece);
    await sleep(20);
  }
  return (await passed).toString();
}

test.each([
  [['a', 'b', '\u0004'], 'ab'],
  [['ab\u0004'], 'ab'],
  [['\u0004'], ''],
  [['a\u0004', 'b\u0004'], 'a\u0004b'],
  [['a\u0004b', '\u0004\u0004'], 'a\u0004b\u0004'],
])('%j ends as %j', async (pieces, passed) => expect(await through(...pieces)).toBe(passed));

test('what comes after the end is dropped, and a sender who closes ends it', async () => {
  const stream = untilEndOfInput();
  const passed = buffer(stream);
  stream.write('a\u0004');
  await sleep(300);
  stream.write('late');
  expect((await passed).toString()).toBe('a');
  const closed = untilEndOfInput();
  closed.end('b\u0004');
  expect((await buffer(closed)).toString()).toBe('b');
});
