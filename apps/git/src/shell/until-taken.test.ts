import { expect, test } from 'vitest';
import { untilTaken } from './until-taken.js';

const isAnswered = async (asked: Promise<void>) =>
  Promise.race([asked.then(() => true), new Promise((resolve) => setTimeout(resolve, 50, false))]);

test('an answer waits for a client that takes nothing: its window is used up, or its connection is full', async () => {
  const way = { outgoing: { window: 0 }, _client: { _sock: { writableLength: 2 ** 30 } } };
  const asked = untilTaken(way, () => false);
  expect(await isAnswered(asked)).toBe(false);
  way.outgoing.window = 1;
  expect(await isAnswered(asked)).toBe(false);
  way._client._sock.writableLength = 0;
  await asked;
});

test('and no longer than there is a channel', async () => {
  let isOver = false;
  const asked = untilTaken({ outgoing: { window: 0 }, _client: {} }, () => isOver);
  expect(await isAnswered(asked)).toBe(false);
  isOver = true;
  await asked;
});
