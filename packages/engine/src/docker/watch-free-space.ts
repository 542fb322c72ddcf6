import { PassThrough } from 'node:stream';
import type { DockerHost } from './docker-host.js';
import { execIn } from './exec.js';
import type { Jail } from './make-jail.js';

/** Commands shorter than this are only looked at when they have ended. */
const startAfterMs = 1_000;
/** ext4 keeps some clusters back: a full disk still shows up to 1 MiB. */
const freeBytesMin = 2 * 1024 * 1024;

const places = ['/workspace', '/cache', '/tmp'];
const look = ['stat', '--file-system', '--format=%a %S %d', ...places];
/** Runs its arguments four times a second until its input ends. In the jail: only there the disks are mounted. */
const repeatScript = 'exec 3<&0; cat <&3 >/dev/null & while kill -0 $! 2>/dev/null; do "$@"; sleep 0.25; done';

export interface FreeSpaceWatch {
  /** Ends the watch; whether a disk of the jail was full at some time. With `isLast` it looks once more. */
  stop: (isLast: boolean) => Promise<boolean>;
}

/**
 * Watches whether a command fills a disk. A package manager that runs out of space cleans up behind itself, so a look
 * after its end would find room again.
 */
export function watchFreeSpace(host: DockerHost, jail: Jail): FreeSpaceWatch {
  const container = host.docker.getContainer(jail.containerId);
  const input = new PassThrough();
  let wasFull = false;
  const note = (stream: 'stdout' | 'stderr', chunk: Buffer) => {
    if (stream === 'stdout' && isFull(chunk.toString())) wasFull = true;
  };
  // A jail that is killed, or has no process left to give, ends the watch: the command's own end tells that.
  const run = (argv: string[], stdin?: PassThrough) =>
    execIn(container, { argv, ...(stdin ? { input: stdin } : {}) }, note).then(
      () => {},
      () => {},
    );
  const timer = setTimeout(() => void run(['/bin/sh', '-c', repeatScript, 'sh', ...look], input), startAfterMs);
  return {
    stop: async (isLast) => {
      clearTimeout(timer);
      input.end();
      if (isLast && !wasFull) await run(look);
      return wasFull;
    },
  };
}

/** Lines of `stat --file-system --format='%a %S %d'`: free blocks, bytes per block, free inodes. */
export function isFull(text: string): boolean {
  return [...text.matchAll(/^(\d+) (\d+) (\d+)$/gm)].some(
    ([, blocks, blockBytes, inodes]) => Number(blocks) * Number(blockBytes) < freeBytesMin || Number(inodes) === 0,
  );
}
