import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { appUser } from './layer.js';
import { normaliseTar } from './normalise-tar.js';
import { writeLayer } from './write-layer.js';

type Member = {
  name: string;
  type?: 'file' | 'link' | 'symlink' | 'character-device' | 'directory';
  linkname?: string;
  mode?: number;
  mtime?: Date;
  body?: string;
};
const limits = { bytesMax: 10_000, entriesMax: 20 };

async function tarOf(members: Member[]): Promise<Buffer> {
  const tar = pack();
  for (const { body, ...header } of members) tar.entry({ ...header }, body ?? '');
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const normalise = async (members: Member[], below?: string) =>
  normaliseTar(Readable.from([await tarOf(members)]), limits, below ? { below } : {});

describe('normaliseTar', () => {
  it.each<[string, Member[]]>([
    ['a path that leads outside', [{ name: '../etc/passwd', body: 'x' }]],
    ['a path that leads outside later', [{ name: 'a/../../b', body: 'x' }]],
    ['an absolute path', [{ name: '/etc/passwd', body: 'x' }]],
    ['a device', [{ name: 'null', type: 'character-device' }]],
    [
      'a file below a symlink',
      [
        { name: 'etc', type: 'symlink', linkname: '/etc' },
        { name: 'etc/passwd', body: 'x' },
      ],
    ],
    [
      'a file below a file',
      [
        { name: 'a', body: 'x' },
        { name: 'a/b', body: 'x' },
      ],
    ],
    ['a hard link to a file that is not there', [{ name: 'a', type: 'link', linkname: 'b' }]],
    ['a hard link that leads outside', [{ name: 'a', type: 'link', linkname: '../../etc/shadow' }]],
    ['a whiteout', [{ name: 'a/.wh.b', body: '' }]],
    ['too many bytes', [{ name: 'a', body: 'x'.repeat(10_001) }]],
    [
      'too many bytes by hard links',
      [
        { name: 'a', body: 'x'.repeat(6_000) },
        { name: 'b', type: 'link', linkname: 'a' },
      ],
    ],
    ['too many files', Array.from({ length: 21 }, (_, i) => ({ name: `f${i}` }))],
  ])('refuses %s', async (_what, members) => {
    await expect(normalise(members)).rejects.toMatchObject({ name: 'UserError' });
  });

  it('takes set-user-id bits, owners and times away', async () => {
    const tree = await normalise([
      { name: './bin/x', mode: 0o4755, body: 'x' },
      { name: 'y', mode: 0o600, body: 'y' },
    ]);
    expect(tree.toLayerEntries('app', appUser).map(({ path, mode, uid }) => [path, mode, uid])).toEqual([
      ['app', 0o755, 10_001],
      ['app/bin/x', 0o755, 10_001],
      ['app/y', 0o644, 10_001],
      ['app/bin', 0o755, 10_001],
    ]);
  });

  it('refuses a header that would have to be kept in memory', async () => {
    const small = await tarOf([{ name: 'a', body: 'x' }]);
    const header = Buffer.from(small.subarray(0, 512));
    header[156] = 'x'.charCodeAt(0);
    header.write('77777777777\0', 124, 'latin1');
    header.write('        ', 148, 'latin1');
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    let sent = 0;
    const endless = async function* () {
      yield header;
      for (; sent < 200; sent += 1) yield Buffer.alloc(1024 ** 2, 65);
    };
    await expect(normaliseTar(Readable.from(endless()), limits)).rejects.toThrow('Header exceeds max size');
    expect(sent).toBeLessThan(20);
  });

  it('takes the first directory off', async () => {
    const tree = await normalise(
      [
        { name: 'app/', type: 'directory' },
        { name: 'app/a', body: '1' },
      ],
      'app',
    );
    expect([...tree.entries.keys()]).toEqual(['a']);
    await expect(normalise([{ name: 'other/a', body: '1' }], 'app')).rejects.toMatchObject({ name: 'UserError' });
  });

  it('gives the same digest for the same files in another order and with other times', async () => {
    const members: Member[] = [
      { name: 'b/c', body: '1' },
      { name: 'a', type: 'symlink', linkname: 'b/c' },
      { name: `${'long/'.repeat(30)}x`, body: '3' },
    ];
    const one = await writeLayer((await normalise(members)).toLayerEntries('app', appUser));
    const other = [...members].reverse().map((member) => ({ ...member, mtime: new Date(5_000) }));
    const two = await writeLayer((await normalise(other)).toLayerEntries('app', appUser));
    expect(two.digest).toBe(one.digest);
    expect(two.diffId).toBe(one.diffId);
  });
});
