import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { UserError } from '@berth/domain/errors';
import { describe, expect, it } from 'vitest';
import { digestOf } from './digest.js';
import type { LayerEntry } from './layer.js';
import { normaliseTar } from './normalise-tar.js';
import { packTar } from './pack-tar.js';
import { readOciLayout } from './read-oci-layout.js';
import { receiveLayers } from './receive-layers.js';

const file = (path: string, content: Buffer): LayerEntry => ({
  ...{ path, type: 'file', mode: 0o644, uid: 0, gid: 0, content, sizeBytes: content.length },
});
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const blobPath = (bytes: Buffer) => `blobs/${digestOf(bytes).replace(':', '/')}`;
const plain = Buffer.from('a layer');
const packed = gzipSync(plain);
const layer = { digest: digestOf(packed), diffId: digestOf(plain), sizeBytes: packed.length };
const type = 'application/vnd.oci.image';

/** An image layout with one layer, each document changed by the case. */
function layoutOf(change: { config?: object; layer?: object; index?: object } = {}): LayerEntry[] {
  const rootfs = { type: 'layers', diff_ids: [layer.diffId] };
  const config = json({
    ...{ architecture: 'amd64', os: 'linux', rootfs, config: { Cmd: ['x'], User: 'node' } },
    ...change.config,
  });
  const layers = [
    { mediaType: `${type}.layer.v1.tar+gzip`, digest: layer.digest, size: layer.sizeBytes, ...change.layer },
  ];
  const about = { mediaType: `${type}.config.v1+json`, digest: digestOf(config), size: config.length };
  const manifest = json({ schemaVersion: 2, config: about, layers, annotations: { evil: 'x' } });
  const one = { mediaType: `${type}.manifest.v1+json`, digest: digestOf(manifest), size: manifest.length };
  return [
    file('index.json', json({ manifests: [one], ...change.index })),
    file(blobPath(config), config),
    file(blobPath(manifest), manifest),
  ];
}

async function read(entries: LayerEntry[]) {
  const tree = await normaliseTar(Readable.from(packTar(entries)), { bytesMax: 1e6, entriesMax: 100 });
  return readOciLayout(tree).finally(() => tree.close());
}

describe('an image layout', () => {
  it('is read with how the image starts, and its manifest is written anew', async () => {
    const { layers, start, manifest } = await read(layoutOf());
    expect(layers).toEqual([layer]);
    expect(start).toEqual({ entrypoint: [], cmd: ['x'], user: 'node' });
    expect(manifest.toString()).not.toContain('evil');
  });

  it.each([
    ['another platform', { config: { architecture: 'arm64' } }],
    ['another number of layers', { config: { rootfs: { type: 'layers', diff_ids: [] } } }],
    ['a layer that the engine cannot read', { layer: { mediaType: `${type}.layer.v1.tar+zstd` } }],
    ['a layer somewhere else', { layer: { digest: '../../etc/passwd' } }],
    ['two images', { index: { manifests: [{}, {}] } }],
    ['no image', { index: { manifests: [] } }],
    ['a command that is none', { config: { config: { Cmd: 'rm -rf /' } } }],
  ])('with %s is refused', async (_what, change) => {
    await expect(read(layoutOf(change))).rejects.toThrow(UserError);
  });

  it('with a blob that is not what its name says is refused', async () => {
    const entries = layoutOf().map((entry) =>
      entry.path.startsWith('blobs') ? { ...entry, content: Buffer.from('{}'), sizeBytes: 2 } : entry,
    );
    await expect(read(entries)).rejects.toThrow(UserError);
  });
});

describe('layers that come out of a build', () => {
  const name = layer.digest.slice('sha256:'.length);
  const receive = (entries: LayerEntry[], wanted = layer, bytesMax = 1e6) =>
    receiveLayers(Readable.from(packTar(entries)), [wanted], { bytesMax });

  it('are taken when they are what they say', async () => {
    const [received] = await receive([file(name, packed)]);
    expect(received).toMatchObject(layer);
    await received?.dispose();
  });

  it.each([
    ['that nobody asked for', [file('0'.repeat(64), packed)], layer, 1e6],
    ['that are missing', [], layer, 1e6],
    ['with other bytes', [file(name, gzipSync('other'))], { ...layer, sizeBytes: 1_000 }, 1e6],
    ['that unpack to something else', [file(name, packed)], { ...layer, diffId: digestOf('x') }, 1e6],
    ['that are larger than they say', [file(name, packed)], { ...layer, sizeBytes: 3 }, 1e6],
    ['that are too large packed', [file(name, packed)], layer, 3],
  ])('%s are refused', async (_what, entries, wanted, bytesMax) => {
    await expect(receive(entries, wanted, bytesMax)).rejects.toThrow(UserError);
  });

  it('that unpack to too much are refused', async () => {
    const zeros = Buffer.alloc(100_000);
    const bomb = gzipSync(zeros);
    const wanted = { digest: digestOf(bomb), diffId: digestOf(zeros), sizeBytes: bomb.length };
    const entries = [file(wanted.digest.slice(7), bomb)];
    await expect(receive(entries, wanted, zeros.length - 1)).rejects.toMatchObject({ code: 'too_large' });
  });

  it('that are not gzip are refused', async () => {
    const bytes = Buffer.from('not gzip');
    const wanted = { digest: digestOf(bytes), diffId: digestOf(bytes), sizeBytes: bytes.length };
    await expect(receive([file(digestOf(bytes).slice(7), bytes)], wanted)).rejects.toThrow(UserError);
  });
});
