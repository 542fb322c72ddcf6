import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FileTree } from '@berth/images/file-tree';
import { normaliseTar } from '@berth/images/normalise-tar';
import type { Spool } from '@berth/images/spool';

/** Bytes of one package, unpacked: node itself has 200 MB. */
const bytesMax = 512 * 1024 ** 2;
const entriesMax = 50_000;

/** The plain tar of an npm tarball; a small one that unpacks to something huge is refused. */
export async function gunzipPackage(tarball: Buffer): Promise<Buffer> {
  return promisify(gunzip)(tarball, { maxOutputLength: bytesMax });
}

/** The files of an npm package without its first directory (`package/` by custom, not by rule). */
export async function packageTree(tar: Buffer, spool?: Spool): Promise<FileTree> {
  const options = spool ? { takesFirstOff: true, spool } : { takesFirstOff: true };
  return normaliseTar(Readable.from([tar]), { bytesMax, entriesMax }, options);
}
