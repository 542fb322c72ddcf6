import type { MarkedOutput } from './marked-output.js';

/** A client asks for several pieces at once, and for the end of one that came short after the beginning of others, bytes. */
const windowBytes = 4 * 1024 * 1024;
/** Read at a time, bytes. */
const stepBytes = 256 * 1024;

/** Bytes that come in their order, and can be had again for a while. */
export class RecentBytes {
  readonly #ring = Buffer.allocUnsafe(windowBytes);
  #at = 0;

  constructor(private readonly output: Pick<MarkedOutput, 'take'>) {}

  /** From `offset` on, fewer than `length` only where they end; undefined: they are too far from what was read last. */
  async read(offset: number, length: number): Promise<Buffer | undefined> {
    if (length > stepBytes || offset > this.#at + windowBytes) return undefined;
    while (this.#at < offset + length) {
      const bytes = await this.output.take(Math.min(stepBytes, offset + length - this.#at));
      if (bytes.length === 0) break;
      for (const part of this.#places(this.#at, bytes.length)) bytes.copy(this.#ring, part.place, part.from, part.to);
      this.#at += bytes.length;
    }
    if (offset < this.#at - windowBytes) return undefined;
    const found = Buffer.alloc(Math.max(0, Math.min(length, this.#at - offset)));
    for (const part of this.#places(offset, found.length))
      this.#ring.copy(found, part.from, part.place, part.place + part.to - part.from);
    return found;
  }

  /** Where bytes lie in the ring: in one piece, or in two around its end. */
  *#places(offset: number, length: number): Generator<{ place: number; from: number; to: number }> {
    const place = offset % windowBytes;
    const first = Math.min(length, windowBytes - place);
    yield { place, from: 0, to: first };
    if (first < length) yield { place: 0, from: first, to: length };
  }
}
