import type { Readable } from 'node:stream';
import { demux } from './demux.js';
import type { DockerHost } from './docker-host.js';

/** One line a container printed. */
export interface PrintedLine {
  text: string;
  /** The daemon's time stamps of its pieces, RFC 3339 with nanoseconds: their place in the container's log. */
  stamps: string[];
}

/** A line that never ends is cut into pieces of this many characters. */
const lineMax = 64 * 1024;

/**
 * The lines of a container from `since` on (a time stamp of an earlier line; that line comes again), as they are printed,
 * until the container stops, is removed, or `signal` is aborted. Read slowly, nothing is held back: the daemon keeps its own file.
 */
export async function* followLogs(
  host: Pick<DockerHost, 'docker'>,
  containerId: string,
  since: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<PrintedLine> {
  const options = { follow: true as const, stdout: true, stderr: true, timestamps: true, abortSignal: signal };
  const started: unknown = await host.docker
    .getContainer(containerId)
    .logs({ ...options, ...(since === undefined ? {} : { since: sinceParameter(since) as unknown as number }) });
  const printed = started as Readable;
  const stop = () => printed.destroy();
  signal.addEventListener('abort', stop, { once: true });
  const open: Record<'stdout' | 'stderr', PrintedLine> = {
    stdout: { text: '', stamps: [] },
    stderr: { text: '', stamps: [] },
  };
  try {
    for await (const { stream, text } of demux(printed)) {
      const line = open[stream];
      const isEnd = addPiece(line, text.toString());
      if (!isEnd) continue;
      open[stream] = { text: '', stamps: [] };
      yield line;
    }
    for (const line of Object.values(open)) if (line.text !== '') yield line;
  } finally {
    signal.removeEventListener('abort', stop);
    printed.destroy();
  }
}

/** A piece is `<stamp> <text>`, with a line feed when the line ends (the daemon cuts lines at 16 KiB). */
function addPiece(line: PrintedLine, piece: string): boolean {
  const space = piece.indexOf(' ');
  const isEnd = piece.endsWith('\n');
  line.stamps.push(piece.slice(0, space));
  line.text += piece.slice(space + 1, isEnd ? -1 : undefined);
  return isEnd || line.text.length >= lineMax;
}

/** `since` of the Engine API: seconds with nanoseconds as a decimal fraction. */
export function sinceParameter(stamp: string): string {
  const [, seconds, fraction = ''] = /^(.*?)(?:\.(\d+))?Z$/.exec(stamp) ?? [];
  if (seconds === undefined) throw new Error(`Not a time stamp: ${stamp}`);
  return `${Date.parse(`${seconds}Z`) / 1000}.${fraction.padEnd(9, '0')}`;
}
