/** A piece of what a container printed. */
export interface Printed {
  stream: 'stdout' | 'stderr';
  text: Buffer;
}

const headerBytes = 8;

/**
 * Splits Docker's multiplexed attach stream: per piece one byte of stream (1 stdout, 2 stderr), three of zero, four of
 * length (big-endian), payload (Engine API, "Attach to a container: stream format"). Reads no further than it is asked
 * to, so that a slow reader holds the container's process back.
 */
export async function* demux(chunks: AsyncIterable<Buffer>): AsyncGenerator<Printed> {
  let pending: Buffer[] = [];
  let size = 0;
  let wanted = headerBytes;
  let stream: Printed['stream'] | undefined;
  for await (const chunk of chunks) {
    pending.push(chunk);
    size += chunk.length;
    if (size < wanted) continue;
    let rest = Buffer.concat(pending);
    while (rest.length >= wanted) {
      if (stream === undefined) {
        stream = rest.readUInt8(0) === 2 ? 'stderr' : 'stdout';
        const length = rest.readUInt32BE(4);
        rest = rest.subarray(headerBytes);
        wanted = length;
      } else {
        yield { stream, text: rest.subarray(0, wanted) };
        rest = rest.subarray(wanted);
        stream = undefined;
        wanted = headerBytes;
      }
    }
    pending = [rest];
    size = rest.length;
  }
}
