import type { Readable } from 'node:stream';

/** One packet of git's wire format (gitprotocol-common(5)): its bytes, or the flush packet `0000`. */
export type Packet = Buffer | 'flush';

export const flush = Buffer.from('0000');
const payloadMax = 65_516;

/** One pkt-line. A payload longer than 65,516 bytes is a fault of the caller. */
export function packet(payload: string | Buffer): Buffer {
  const bytes = Buffer.from(payload);
  if (bytes.length > payloadMax) throw new Error(`pkt-line of ${bytes.length} bytes`);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes]);
}

/** Text or bytes on one band of side-band-64k (gitprotocol-pack(5)): 1 = data, 2 = for people. */
export function sideband(band: 1 | 2, payload: string | Buffer): Buffer {
  const bytes = Buffer.from(payload);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += payloadMax - 1)
    parts.push(packet(Buffer.concat([Buffer.from([band]), bytes.subarray(at, at + payloadMax - 1)])));
  return Buffer.concat(parts);
}

/**
 * Takes the first packet off `bytes`; undefined when it is not whole yet.
 * Throws on bytes that are no pkt-line.
 */
export function takePacket(bytes: Buffer): { packet: Packet; rest: Buffer } | undefined {
  if (bytes.length < 4) return undefined;
  const head = bytes.subarray(0, 4).toString('latin1');
  const length = /^[0-9a-f]{4}$/i.test(head) ? Number.parseInt(head, 16) : Number.NaN;
  if (length === 0) return { packet: 'flush', rest: bytes.subarray(4) };
  if (!(length >= 4)) throw new Error(`not a pkt-line: ${JSON.stringify(head)}`);
  if (bytes.length < length) return undefined;
  return { packet: bytes.subarray(4, length), rest: bytes.subarray(length) };
}

/** All packets of a stream, as they come; ends where the stream ends. */
export async function* readPackets(stream: Readable): AsyncGenerator<Packet, void> {
  let bytes: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    bytes = Buffer.concat([bytes, chunk as Buffer]);
    for (let taken = takePacket(bytes); taken; taken = takePacket(bytes)) {
      bytes = taken.rest;
      yield taken.packet;
    }
  }
}
