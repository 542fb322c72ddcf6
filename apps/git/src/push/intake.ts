import { Transform } from 'node:stream';
import { flush, type Packet, packet, sideband, takePacket } from '../wire/pkt-line.js';

const headMax = 1024 * 1024;

/**
 * What a pusher sends (commands, then the pack) on its way into git: counted, and the commands remembered, so that a push
 * that is too large can be answered in git's own words. After `bytesMax` bytes the rest is read and thrown away, because
 * a client reads its answer only when it has sent everything.
 */
export class Intake extends Transform {
  readonly #bytesMax: number;
  readonly #onExceeded: () => void;
  #bytes = 0;
  #head: Buffer = Buffer.alloc(0);
  isExceeded = false;

  constructor(bytesMax: number, onExceeded: () => void) {
    super();
    this.#bytesMax = bytesMax;
    this.#onExceeded = onExceeded;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null, data?: Buffer) => void) {
    this.#bytes += chunk.length;
    if (this.#head.length < headMax) this.#head = Buffer.concat([this.#head, chunk]).subarray(0, headMax);
    if (!this.isExceeded && this.#bytes > this.#bytesMax) {
      this.isExceeded = true;
      this.#onExceeded();
    }
    if (this.isExceeded) done();
    else done(null, chunk);
  }

  /** The answer that refuses every command with one sentence (gitprotocol-pack(5), report-status). */
  refusal(sentence: string): Buffer {
    return refusalOf(this.#head, sentence);
  }
}

/** Empty when the client has sent no command (the probe that git makes before a large push). */
export function refusalOf(head: Buffer, sentence: string): Buffer {
  const lines: Packet[] = [];
  for (let taken = takePacket(head); taken && taken.packet !== 'flush'; taken = takePacket(taken.rest))
    lines.push(taken.packet);
  const first = lines[0]?.toString('utf8');
  if (!first) return Buffer.alloc(0);
  const capabilities = first.split('\0')[1]?.trim().split(' ') ?? [];
  const refs = lines.map((line) => line.toString('utf8').split('\0')[0]!.trim().split(' ')[2]);
  const report = Buffer.concat([
    packet(`unpack ${sentence}\n`),
    ...refs.map((ref) => packet(`ng ${ref} ${sentence}\n`)),
    flush,
  ]);
  if (!capabilities.includes('side-band-64k')) return report;
  return Buffer.concat([sideband(1, report), flush]);
}
