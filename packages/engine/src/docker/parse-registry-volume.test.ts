import { describe, expect, it } from 'vitest';
import { parseRegistryVolume } from './parse-registry-volume.js';

const hex = (letter: string) => letter.repeat(64);
const root = 'docker/registry/v2';

describe('the registry volume', () => {
  it('is read from find: blobs, manifests, tags by their newest manifest, and the rest', () => {
    const lines = [
      ['d', '', '4096', '8', '1.0'],
      ['d', `${root}/blobs/sha256/aa/${hex('a')}`, '4096', '8', '1.5'],
      ['f', `${root}/blobs/sha256/aa/${hex('a')}/data`, '1000', '8', '1700000000.5'],
      ['f', `${root}/repositories/app/1/_layers/sha256/${hex('a')}/link`, '71', '8', '1.0'],
      ['f', `${root}/repositories/app/1/_manifests/revisions/sha256/${hex('b')}/link`, '71', '8', '3.25'],
      ['f', `${root}/repositories/app/1/_manifests/tags/v.1/index/sha256/${hex('c')}/link`, '71', '8', '5.0000001'],
      ['f', `${root}/repositories/app/1/_manifests/tags/v.1/index/sha256/${hex('b')}/link`, '71', '8', '5.0000002'],
      ['f', `${root}/repositories/app/1/_manifests/tags/v.1/current/link`, '71', '8', '5.0'],
      ['f', `${root}/repositories/app/1/_uploads/x/data`, '9', '8', '1.0'],
    ];
    const listed = `${lines.map((line) => line.join('\t')).join('\n')}\n`;
    expect(parseRegistryVolume(listed)).toEqual({
      blobs: [{ digest: `sha256:${hex('a')}`, bytes: 4096, modifiedAt: 1_700_000_000_500 }],
      revisions: [{ repository: 'app/1', digest: `sha256:${hex('b')}`, modifiedAt: 3_250 }],
      tags: [{ repository: 'app/1', tag: 'v.1', digest: `sha256:${hex('b')}` }],
      otherBytes: 8 * 4096,
    });
  });
});
