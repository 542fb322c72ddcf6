/**
 * Answers that come bit by bit (output of a command, events) are sent as frames: one byte of type, four bytes of
 * length (big-endian), payload. The last frame is a `result` or an `error`; a stream without one was cut.
 */
export type FrameType = 'output' | 'event' | 'result' | 'error' | 'stderr';

export interface Frame {
  type: FrameType;
  payload: Buffer;
}

const types: readonly FrameType[] = ['output', 'event', 'result', 'error', 'stderr'];
const headerBytes = 5;
/** Our own side never sends more in one frame. */
const payloadMax = 64 * 1024 * 1024;

export function encodeFrame(type: FrameType, payload: Buffer | string): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const header = Buffer.alloc(headerBytes);
  header.writeUInt8(types.indexOf(type), 0);
  header.writeUInt32BE(body.length, 1);
  return Buffer.concat([header, body]);
}

/** The frames of a byte stream, in order. Throws when the stream ends inside of one. */
export async function* decodeFrames(chunks: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= headerBytes) {
      const length = rest.readUInt32BE(1);
      const type = types[rest.readUInt8(0)];
      if (!type || length > payloadMax) throw new Error('Not a frame of the engine protocol.');
      if (rest.length < headerBytes + length) break;
      yield { type, payload: rest.subarray(headerBytes, headerBytes + length) };
      rest = rest.subarray(headerBytes + length);
    }
  }
  if (rest.length > 0) throw new Error('The engine stream ended inside of a frame.');
}
