import { Transform } from 'node:stream';

/** EOT: what Heroku's CLI sends when its stdin has ended. */
const mark = 0x04;
/** How long nothing follows the mark before it counts, ms. */
const quietMs = 200;

/**
 * For input without a terminal: ends at an EOT behind which nothing comes. One in the middle of the data is data; the protocol
 * has no other way to say it.
 */
export function untilEndOfInput(): Transform {
  let timer: NodeJS.Timeout | undefined;
  let isHeld = false;
  let isOver = false;
  const end = () => {
    isOver = true;
    stream.push(null);
  };
  const stream: Transform = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      clearTimeout(timer);
      if (isOver) return done(); // too late
      if (isHeld) this.push(Buffer.of(mark));
      isHeld = chunk.at(-1) === mark;
      if (isHeld) timer = setTimeout(end, quietMs);
      const rest = isHeld ? chunk.subarray(0, -1) : chunk;
      done(null, rest.length > 0 ? rest : undefined);
    },
    flush(done) {
      clearTimeout(timer);
      done();
    },
    destroy(error, done) {
      clearTimeout(timer);
      done(error);
    },
  });
  return stream;
}
