import { createHash, type Hash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { openGzip } from './gzip.js';
import { fixedMtime, type LayerEntry, type PackedLayer } from './layer.js';
import { withParents } from './layer-parents.js';

/** Layers whose files are smaller than this in sum are made in memory. */
const memoryMax = 8 * 1024 * 1024;

/**
 * Packs entries into a layer: sorted names, one fixed mtime, numeric owners, every parent directory with the stack's
 * mode (a parent that is left out or differs would change the directory below: /tmp must stay 1777).
 * Same entries, same digest.
 */
export async function writeLayer(entries: readonly LayerEntry[]): Promise<PackedLayer> {
  const sorted = withParents(entries);
  const sizeBytes = sorted.reduce((sum, entry) => sum + (entry.sizeBytes ?? 0) + 1024, 0);
  return sizeBytes <= memoryMax ? writeInMemory(sorted) : writeToFile(sorted);
}

async function writeInMemory(entries: readonly LayerEntry[]): Promise<PackedLayer> {
  const chunks: Buffer[] = [];
  await writeTar(entries, (chunk) => {
    chunks.push(chunk);
  });
  const tar = Buffer.concat(chunks);
  const bytes = gzipSync(tar, { level: 1 });
  return {
    digest: hexDigest(createHash('sha256').update(bytes)),
    diffId: hexDigest(createHash('sha256').update(tar)),
    sizeBytes: bytes.length,
    data: { kind: 'memory', bytes },
    dispose: async () => {},
  };
}

async function writeToFile(entries: readonly LayerEntry[]): Promise<PackedLayer> {
  const path = join(tmpdir(), `berth-layer-${randomUUID()}.tar.gz`);
  const dispose = () => rm(path, { force: true });
  const [plain, packed] = [createHash('sha256'), createHash('sha256')];
  let sizeBytes = 0;
  const file = createWriteStream(path, { mode: 0o600 });
  const gzip = await openGzip();
  gzip.output.on('data', (chunk: Buffer) => {
    packed.update(chunk);
    sizeBytes += chunk.length;
    if (!file.write(chunk)) {
      gzip.output.pause();
      file.once('drain', () => gzip.output.resume());
    }
  });
  try {
    await writeTar(entries, async (chunk) => {
      plain.update(chunk);
      if (!gzip.input.write(chunk)) await new Promise((resolve) => gzip.input.once('drain', resolve));
    });
    gzip.input.end();
    await gzip.ended;
    file.end();
    await finished(file);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { digest: hexDigest(packed), diffId: hexDigest(plain), sizeBytes, data: { kind: 'file', path }, dispose };
}

async function writeTar(entries: readonly LayerEntry[], write: (chunk: Buffer) => void | Promise<void>): Promise<void> {
  const tar = pack();
  const written = (async () => {
    for await (const chunk of tar) await write(chunk as Buffer);
  })();
  const added = (async () => {
    for (const entry of entries) await addEntry(tar, entry);
    tar.finalize();
  })();
  await Promise.all([added, written]).catch((error) => {
    tar.destroy();
    throw error;
  });
}

async function addEntry(tar: ReturnType<typeof pack>, entry: LayerEntry): Promise<void> {
  const header = {
    name: entry.type === 'directory' ? `${entry.path}/` : entry.path,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    mtime: fixedMtime,
    uname: '',
    gname: '',
  };
  if (entry.type !== 'file') {
    const type = entry.type;
    tar.entry(entry.linkTarget === undefined ? { ...header, type } : { ...header, type, linkname: entry.linkTarget });
    return;
  }
  const content = typeof entry.content === 'function' ? await entry.content() : (entry.content ?? Buffer.alloc(0));
  await new Promise<void>((resolve, reject) => {
    tar.entry({ ...header, type: 'file', size: content.length }, content, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}

const hexDigest = (hash: Hash) => `sha256:${hash.digest('hex')}`;
