import { createHash, type Hash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { type Effort, openGzip } from './gzip.js';
import type { LayerEntry, PackedLayer } from './layer.js';
import { withParents } from './layer-parents.js';
import { packTar } from './pack-tar.js';

/** Layers whose files are smaller than this in sum are made in memory. */
const memoryMax = 8 * 1024 * 1024;

/** From here on a command of its own is faster than our own thread, which others wait for. */
const commandFrom = 512 * 1024;

/**
 * Packs entries into a layer: sorted names, one fixed mtime, numeric owners, every parent directory with the stack's
 * mode (a parent that is left out or differs would change the directory below: /tmp must stay 1777).
 * Same entries, same digest.
 * @param effort `small` for a layer that is made once and used by many images
 */
export async function writeLayer(entries: readonly LayerEntry[], effort: Effort = 'fast'): Promise<PackedLayer> {
  const sorted = withParents(entries);
  const sizeBytes = sorted.reduce((sum, entry) => sum + (entry.sizeBytes ?? 0) + 1024, 0);
  return sizeBytes <= memoryMax ? writeInMemory(sorted, effort) : writeToFile(sorted, effort);
}

async function writeInMemory(entries: readonly LayerEntry[], effort: Effort): Promise<PackedLayer> {
  const chunks: Buffer[] = [];
  for await (const chunk of packTar(entries)) chunks.push(chunk);
  const tar = Buffer.concat(chunks);
  const bytes = tar.length < commandFrom ? gzipSync(tar, { level: 1 }) : await gzipAll(tar, effort);
  return {
    digest: hexDigest(createHash('sha256').update(bytes)),
    diffId: hexDigest(createHash('sha256').update(tar)),
    sizeBytes: bytes.length,
    data: { kind: 'memory', bytes },
    dispose: async () => {},
  };
}

async function gzipAll(tar: Buffer, effort: Effort): Promise<Buffer> {
  const gzip = await openGzip(effort);
  gzip.input.end(tar);
  const [bytes] = await Promise.all([buffer(gzip.output), gzip.ended]);
  return bytes;
}

async function writeToFile(entries: readonly LayerEntry[], effort: Effort): Promise<PackedLayer> {
  const path = join(tmpdir(), `berth-layer-${randomUUID()}.tar.gz`);
  const dispose = () => rm(path, { force: true });
  const [plain, packed] = [createHash('sha256'), createHash('sha256')];
  let sizeBytes = 0;
  const gzip = await openGzip(effort);
  const file = createWriteStream(path, { mode: 0o600 });
  const written = finished(file);
  /** Or one of them failed: the packer was killed, the disk is full. */
  const packedToEnd = Promise.race([gzip.ended, written]);
  packedToEnd.catch(() => {});
  written.catch(() => {});
  gzip.output.on('data', (chunk: Buffer) => {
    packed.update(chunk);
    sizeBytes += chunk.length;
    if (!file.write(chunk)) {
      gzip.output.pause();
      file.once('drain', () => gzip.output.resume());
    }
  });
  try {
    for await (const chunk of packTar(entries)) {
      plain.update(chunk);
      if (!gzip.input.write(chunk))
        await Promise.race([new Promise((resolve) => gzip.input.once('drain', resolve)), packedToEnd]);
    }
    gzip.input.end();
    await packedToEnd;
    file.end();
    await written;
  } catch (error) {
    for (const stream of [gzip.input, gzip.output, file]) stream.destroy();
    await dispose();
    throw error;
  }
  return { digest: hexDigest(packed), diffId: hexDigest(plain), sizeBytes, data: { kind: 'file', path }, dispose };
}

const hexDigest = (hash: Hash) => `sha256:${hash.digest('hex')}`;
