import { expect, test } from 'vitest';
import { readSources } from './read-sources.js';

const [commit, hash] = ['c'.repeat(40), 'a'.repeat(64)];

test('what buildpacks were fetched as is read line by line, and nothing else is', () => {
  const lines = [
    `gitCommit ${commit} https://git.example/pack.git#v1\n`,
    `sha256 ${hash} https://files.example/pack.tgz\n`,
    '',
    `gitCommit not-one https://git.example/pack.git\n`,
    `md5 ${hash} https://git.example/pack.git\n`,
    `sha256 ${hash} two words\n`,
  ];
  expect(readSources(lines)).toEqual([
    { source: 'https://git.example/pack.git#v1', digest: { gitCommit: commit } },
    { source: 'https://files.example/pack.tgz', digest: { sha256: hash } },
  ]);
});
