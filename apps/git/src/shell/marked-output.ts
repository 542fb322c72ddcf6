import { finished } from 'node:stream/promises';
import { UserError } from '@berth/domain/errors';
import type { Shell } from './connect-shell.js';

/** What an app's .profile may print before, bytes. */
const beforeMax = 64 * 1024;

export interface MarkedOutput {
  /** What follows the mark in its line. */
  line: string;
  /** The bytes after that line; `count` at the most, fewer only at their end. */
  take: (count: number) => Promise<Buffer>;
  /** All that is left. */
  rest: () => AsyncGenerator<Buffer>;
}

/**
 * Reads what a command prints from the line on that begins with `mark`: an app's own .profile may print something before.
 * @throws UserError `conflict` with what it said (its last line of stderr, else `otherwise`) when it ends without that line
 */
export async function readMarked(shell: Shell, mark: string, otherwise: string): Promise<MarkedOutput> {
  const chunks = shell.stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let read: Buffer = Buffer.alloc(0);
  let said = '';
  shell.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-1_000);
  });
  const more = async () => {
    const { done, value } = await chunks.next();
    if (!done) read = Buffer.concat([read, value]);
    return !done;
  };
  const refusal = async () => {
    await finished(shell.stderr, { writable: false }).catch(() => {}); // it may come after the end of stdout
    return new UserError('conflict', said.trim().split('\n').at(-1) || otherwise);
  };
  const begin = () => (read.indexOf(mark) === 0 ? 0 : read.indexOf(`\n${mark}`) + 1);
  const isThere = () => begin() > 0 || read.indexOf(mark) === 0;
  while (!isThere() || !read.includes('\n', begin())) {
    if (read.length > beforeMax) throw new UserError('conflict', otherwise);
    if (!(await more())) throw await refusal();
  }
  const start = begin() + mark.length;
  const end = read.indexOf('\n', start);
  const line = read.subarray(start, end).toString().trim();
  read = read.subarray(end + 1);
  return {
    line,
    take: async (count) => {
      const parts = [read];
      let size = read.length;
      while (size < count) {
        const { done, value } = await chunks.next();
        if (done) break;
        parts.push(value);
        size += value.length;
      }
      const all = Buffer.concat(parts);
      read = all.subarray(count);
      return all.subarray(0, count);
    },
    rest: async function* () {
      if (read.length > 0) yield read;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
    },
  };
}
