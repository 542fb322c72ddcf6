import { expect, test } from 'vitest';
import { parseUris } from './resolve-packages.js';

const hash = 'a'.repeat(64);

test('packages are read from what apt prints: epochs and revisions are part of the version', () => {
  const text = [
    `'http://mirror.test/zlib1g_1.3_amd64.deb' zlib1g_1%3a1.3.dfsg+really1.3.1-1+b1_amd64.deb 88920 SHA256:${hash}`,
    `'http://mirror.test/netbase_6.5_all.deb' netbase_6.5_all.deb 12436 SHA256:${hash}`,
    '',
  ].join('\n');
  expect(parseUris(text)).toEqual([
    { name: 'netbase', version: '6.5', url: 'http://mirror.test/netbase_6.5_all.deb', sizeBytes: 12_436, sha256: hash },
    {
      name: 'zlib1g',
      version: '1:1.3.dfsg+really1.3.1-1+b1',
      url: 'http://mirror.test/zlib1g_1.3_amd64.deb',
      sizeBytes: 88_920,
      sha256: hash,
    },
  ]);
});

test('a package with a weaker hash is not taken', () => {
  expect(() => parseUris(`'http://mirror.test/a_1_all.deb' a_1_all.deb 1 MD5Sum:${'b'.repeat(32)}`)).toThrow(
    'do not understand',
  );
});
