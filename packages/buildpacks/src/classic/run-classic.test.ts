import { expect, test } from 'vitest';
import { runClassic } from './run-classic.js';

test('a token in the URL of a buildpack is in nothing that a build shows', () => {
  const { title, shown } = runClassic('https://user:secret@git.example/team/pack.git#v1', 1);
  expect([title, shown]).toEqual([
    'Running the buildpack https://git.example/team/pack.git#v1',
    'https://git.example/team/pack.git#v1',
  ]);
  expect(runClassic('./pack', 1).shown).toBe('./pack');
});
