import { expect, test } from 'vitest';
import { commitsSince, cutHistory, parseHistory } from './commit-history.js';

const sha = (letter: string) => letter.repeat(40);
const history = (letters: string) =>
  [...letters].map((letter, index) => `${sha(letter)} ${1_700_000_000 - index} commit ${letter}`).join('\n');

test('a history is read line by line; what is no commit is passed over', () => {
  expect(parseHistory(`${sha('a')} 1700000000 Mend the cart, at last\nnonsense\n${sha('b')} 1 \n`)).toEqual([
    { commit: sha('a'), message: 'Mend the cart, at last', createdAt: new Date(1_700_000_000_000) },
    { commit: sha('b'), message: '', createdAt: new Date(1_000) },
  ]);
  expect(parseHistory('')).toEqual([]);
  expect(parseHistory(`${sha('a')} 1 ${'x'.repeat(1_000)}`)[0]?.message).toHaveLength(200);
});

test('of a line no more is kept than is read of it', () => {
  const text = `${sha('a')} 1700000000 ${'x'.repeat(5_000_000)}\n${sha('b')} 1 short\n`;
  expect(cutHistory(text).length).toBeLessThan(400);
  expect(parseHistory(cutHistory(text))).toEqual(parseHistory(text));
});

test('between two are the commits that only the newer one has', () => {
  const between = (...of: [string, string]) => commitsSince(history(of[0]), history(of[1])).map((one) => one.commit[0]);
  expect(between('edcba', 'cba')).toEqual(['e', 'd']);
  expect(between('fedcb', 'cba')).toEqual(['f', 'e', 'd']); // each has only so many
  expect(between('fba', 'edcba')).toEqual(['f']); // pushed by force
  expect(between('ba', 'cba')).toEqual([]);
  expect(between('ba', '')).toEqual(['b', 'a']);
});
