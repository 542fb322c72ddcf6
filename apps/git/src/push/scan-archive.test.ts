import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { scanArchive } from './scan-archive.js';

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`;

/** One ustar member; only the fields that are looked at. */
function member(path: string, content: string, type = '0'): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write(type, 156);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}

async function scan(members: Buffer[], options: { bytesMax?: number; chunk?: number } = {}): Promise<Buffer> {
  const tar = Buffer.concat([...members, Buffer.alloc(1024)]);
  const size = options.chunk ?? tar.length;
  const chunks = Array.from({ length: Math.ceil(tar.length / size) }, (_, at) =>
    tar.subarray(at * size, (at + 1) * size),
  );
  const out: Buffer[] = [];
  await pipeline(Readable.from(chunks), scanArchive(options.bytesMax ?? 1e6), async (passed) => {
    for await (const chunk of passed) out.push(chunk as Buffer);
  });
  expect(Buffer.concat(out)).toEqual(tar);
  return tar;
}

test.each([1, 100, 512, 700, 10_000])('a pointer is found when the tar comes in pieces of %i bytes', async (chunk) => {
  const members = [
    member('pax_global_header', '52 comment=x\n', 'g'),
    member('a.txt', 'x'.repeat(1500)),
    member('b.bin', pointer),
  ];
  await expect(scan(members, { chunk })).rejects.toThrow('b.bin is a Git LFS pointer');
});

test('what only quotes a pointer passes unchanged', async () => {
  const quoting = member('README.md', `${' '.repeat(512)}${pointer}${'x'.repeat(600)}`);
  await scan([quoting, member('empty', ''), member('dir/', '', '5')], { chunk: 700 });
});

test('more bytes than allowed are refused', async () => {
  await expect(scan([member('a', 'x'.repeat(3000))], { bytesMax: 2048 })).rejects.toThrow('larger than 0 MiB');
});
