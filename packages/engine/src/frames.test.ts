import { describe, expect, it } from 'vitest';
import { decodeFrames, encodeFrame, type Frame } from './frames.js';

async function collect(chunks: Buffer[]): Promise<Frame[]> {
  const frames: Frame[] = [];
  const source = (async function* () {
    yield* chunks;
  })();
  for await (const frame of decodeFrames(source)) frames.push(frame);
  return frames;
}

describe('engine frames', () => {
  const bytes = Buffer.concat([encodeFrame('output', 'a'), encodeFrame('output', ''), encodeFrame('result', '{}')]);

  it('come out the same however the stream was cut into chunks', async () => {
    for (const size of [1, 2, 3, 7, bytes.length]) {
      const chunks = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      expect((await collect(chunks)).map((frame) => [frame.type, frame.payload.toString()])).toEqual([
        ['output', 'a'],
        ['output', ''],
        ['result', '{}'],
      ]);
    }
  });

  it('say when the stream was cut inside of one', async () => {
    await expect(collect([bytes.subarray(0, bytes.length - 1)])).rejects.toThrow('inside of a frame');
    await expect(collect([Buffer.from([9, 0, 0, 0, 0])])).rejects.toThrow('Not a frame');
  });
});
