import { Transform } from 'node:stream';
import { UserError } from '@berth/domain/errors';

const block = 512;
const pointerMark = Buffer.from('version https://git-lfs.github.com/spec/v1\n');
/** A pointer file is smaller than this (git-lfs, docs/spec.md). */
const pointerMax = 1024;

const text = (header: Buffer, from: number, length: number) => {
  const bytes = header.subarray(from, from + length);
  const end = bytes.indexOf(0);
  return bytes.subarray(0, end < 0 ? length : end).toString('utf8');
};

/**
 * Passes on the tar of `git archive` (ustar with pax headers) and looks at it on the way, so that a commit is read once.
 * Fails with a UserError on a Git LFS pointer and on more than `bytesMax` bytes.
 */
export function scanArchive(bytesMax: number): Transform {
  let total = 0;
  let pending: Buffer = Buffer.alloc(0);
  /** Bytes of the current entry's content that are still to come, padding included. */
  let skip = 0;
  let candidate: string | undefined;

  const look = (chunk: Buffer) => {
    pending = pending.length ? Buffer.concat([pending, chunk]) : chunk;
    while (pending.length >= block) {
      if (candidate !== undefined) {
        if (pending.subarray(0, pointerMark.length).equals(pointerMark)) throw pointerError(candidate);
        candidate = undefined;
      }
      if (skip > 0) {
        const step = Math.min(skip, pending.length - (pending.length % block));
        pending = pending.subarray(step);
        skip -= step;
        continue;
      }
      const size = Number.parseInt(text(pending, 124, 12).trim() || '0', 8) || 0;
      const isFile = pending[156] === 0x30 || pending[156] === 0;
      if (isFile && size > pointerMark.length && size < pointerMax)
        candidate = [text(pending, 345, 155), text(pending, 0, 100)].filter(Boolean).join('/');
      skip = Math.ceil(size / block) * block;
      pending = pending.subarray(block);
    }
  };

  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length;
      try {
        if (total > bytesMax) throw sizeError(bytesMax);
        look(chunk);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

function pointerError(path: string): UserError {
  return new UserError(
    'unsupported',
    `${path} is a Git LFS pointer, and Berth does not fetch Git LFS files: commit the file itself (git lfs migrate export).`,
  );
}

function sizeError(bytesMax: number): UserError {
  const mib = Math.floor(bytesMax / 1024 / 1024);
  return new UserError('too_large', `The files of this commit are larger than ${mib} MiB, the limit for one source.`);
}
