import type { Readable, Writable } from 'node:stream';

/** One conversation with a git client, over HTTP or SSH. */
export interface Exchange {
  /** What the client sends, unzipped. */
  input: Readable;
  /** What it reads; the caller ends it. */
  output: Writable;
  /** Aborted when the client is gone. */
  cut: AbortSignal;
  /** HTTP: one request and one answer per step, the refs were advertised before. */
  isStateless: boolean;
  /** e.g. version=2 */
  protocol: string | undefined;
}
