import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FileTree } from '@berth/images/file-tree';
import { normaliseTar } from '@berth/images/normalise-tar';

const limits = { bytesMax: 1024 ** 3, entriesMax: 50_000 };

/** The files of an npm tarball without its first directory (`package/` by custom, not by rule). */
export async function packageTree(tarball: Buffer): Promise<FileTree> {
  const plain = createGunzip();
  const bytes = Readable.from([tarball]);
  return normaliseTar(bytes.pipe(plain), limits, { below: 'package' });
}
