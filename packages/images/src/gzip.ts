import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { createGzip } from 'node:zlib';

/** A running compressor: write to `input`, read `output`, wait for `ended`, which alone throws when it ends too soon. */
export interface Gzip {
  input: Writable;
  output: Readable;
  ended: Promise<void>;
}

/** `fast`: for what is made while somebody waits. `small`: for what is made once and sent and kept many times. */
export type Effort = 'fast' | 'small';

type Command = [name: string, argv: string[]];

/** As small as gzip -6 in a quarter of its time; it holds all of the input in memory. */
const libdeflate: Command = ['libdeflate-gzip', ['-6', '-c']];
/** 2 to 4 times as fast as zlib's level 1. */
const igzip: Command = ['igzip', ['-1', '-n', '-c']];

const findCommand = (name: string) => [`/usr/bin/${name}`, `/usr/local/bin/${name}`].find((path) => existsSync(path));

/** The first of these that is installed. */
function pickCommand(effort: Effort): Command | undefined {
  for (const [name, argv] of effort === 'small' ? [libdeflate, igzip] : [igzip]) {
    const path = findCommand(name);
    if (path) return [path, argv];
  }
  return undefined;
}

/**
 * gzip by the command that does it best (Debian's libdeflate-tools for a small result, isal for a fast one), or by zlib's
 * level 1 where there is none. The same bytes give the same bytes.
 */
export async function openGzip(effort: Effort = 'fast'): Promise<Gzip> {
  const command = pickCommand(effort);
  if (!command) {
    const stream = createGzip({ level: 1 });
    return gzipOf(stream, stream, once(stream, 'end'));
  }
  const [path, argv] = command;
  const child = spawn(path, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = (async () => {
    const [[code, signal]] = await Promise.all([once(child, 'close'), once(child.stdout, 'close')]);
    if (code !== 0) throw new Error(`${path} ended with ${code ?? signal}`);
  })();
  return gzipOf(child.stdin, child.stdout, ended);
}

/** Whoever writes may not wait for the end yet, nor listen for what a command that was killed does to its input. */
function gzipOf(input: Writable, output: Readable, end: Promise<unknown>): Gzip {
  const ended = end.then(() => {});
  ended.catch(() => {});
  input.on('error', () => {});
  return { input, output, ended };
}
