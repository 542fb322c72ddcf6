import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { UserError } from '@berth/domain/errors';
import { extract } from 'tar-stream';
import type { Layer, PackedLayer } from './layer.js';

/**
 * Takes the blobs of layers out of a tar that somebody else made, named by the hex of their digests: each must be wanted, be
 * what its name says, and unpack to its diff id, all together to no more than `bytesMax`. What lies in the layers is left to
 * the engine, as with any image that it pulls. Dispose of them.
 */
export async function receiveLayers(
  tar: Readable,
  wanted: readonly Layer[],
  { bytesMax }: { bytesMax: number },
): Promise<PackedLayer[]> {
  const missing = new Map(wanted.map((layer) => [layer.digest.slice('sha256:'.length), layer]));
  // Sizes are the manifest's own words: a file with holes may be larger than the disk that it lies on.
  if (wanted.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) > bytesMax) throw tooLarge(bytesMax);
  const received: PackedLayer[] = [];
  let bytesLeft = bytesMax;
  const members = extract();
  try {
    await Promise.all([
      pipeline(tar, members),
      (async () => {
        for await (const member of members) {
          const name = member.header.name.replace(/^\.\//, '');
          if (member.header.type === 'directory') {
            member.resume();
            continue;
          }
          const layer = missing.get(name);
          if (!layer || member.header.type !== 'file') throw unusable(`nobody asked for ${JSON.stringify(name)}`);
          missing.delete(name);
          const packed = await receive(member, layer, bytesLeft);
          received.push(packed.layer);
          bytesLeft -= packed.unpackedBytes;
        }
      })(),
    ]);
    const [absent] = missing.values();
    if (absent) throw unusable(`the layer ${absent.digest} is not there`);
    return received;
  } catch (error) {
    await Promise.all(received.map((layer) => layer.dispose()));
    throw error;
  }
}

async function receive(content: AsyncIterable<unknown>, layer: Layer, bytesMax: number) {
  const path = join(tmpdir(), `berth-layer-${randomUUID()}.tar.gz`);
  const dispose = () => rm(path, { force: true });
  try {
    const packed = measure(layer.sizeBytes);
    await pipeline(content, packed.stream, createWriteStream(path, { mode: 0o600 }));
    if (packed.digest() !== layer.digest) throw unusable(`the layer ${layer.digest} is not what its name says`);
    const plain = measure(bytesMax);
    await pipeline(createReadStream(path), createGunzip(), plain.stream, async (chunks) => {
      for await (const _chunk of chunks);
    }).catch((error) => {
      throw error instanceof UserError ? error : unusable(`the layer ${layer.digest} is not gzip`, error);
    });
    if (plain.digest() !== layer.diffId) throw unusable(`the layer ${layer.digest} is not ${layer.diffId}`);
    const { digest, diffId, sizeBytes } = layer;
    return {
      layer: { digest, diffId, sizeBytes, data: { kind: 'file' as const, path }, dispose },
      unpackedBytes: plain.bytes(),
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Passes bytes on, hashes them, and fails when there are more than `bytesMax`. */
function measure(bytesMax: number) {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      if (bytes > bytesMax) done(tooLarge(bytesMax));
      else done(null, chunk);
    },
  });
  return { stream, bytes: () => bytes, digest: () => `sha256:${hash.digest('hex')}` };
}

const tooLarge = (bytesMax: number) =>
  new UserError('too_large', `The layers of the image are larger than ${Math.floor(bytesMax / 1024 ** 2)} MiB.`);

const unusable = (reason: string, cause?: unknown) =>
  new UserError('bad_request', `The image of this build cannot be used: ${reason}.`, { cause });
