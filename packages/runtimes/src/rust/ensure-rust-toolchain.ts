import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FileTree } from '@berth/images/file-tree';
import type { LayerEntry } from '@berth/images/layer';
import { normaliseTar } from '@berth/images/normalise-tar';
import { type PushedImage, pushImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import { Spool } from '@berth/images/spool';
import { writeLayer } from '@berth/images/write-layer';
import { fetchChecked } from '../fetch-bytes.js';
import type { RuntimeParts } from '../runtime.js';
import type { RustRelease } from './rust-channel.js';

/** Raised when the layer is made in another way. */
const recipe = '1';
const owner = { uid: 0, gid: 0 };

export const rustRoot = 'opt/berth/runtimes/rust';

const limits = { bytesMax: 2 * 1024 ** 3, entriesMax: 50_000 };
const archiveBytesMax = 512 * 1024 ** 2;

/** Makes sure that `tool/rust:<version>` (one layer: rustc, cargo and the standard library) is in the registry. */
export async function ensureRustToolchain(
  { registry, sources }: Pick<RuntimeParts, 'registry' | 'sources'>,
  { version, archives }: RustRelease,
): Promise<PushedImage> {
  const known = await readImage(registry, 'tool/rust', version);
  if (known?.config.labels['berth.recipe'] === recipe) return known;
  const spool = new Spool();
  try {
    const entries: LayerEntry[] = [];
    for (const { url, expected } of archives) {
      const name = createHash('sha256').update(url).digest('hex');
      const cachePath = sources.cacheDir && join(sources.cacheDir, 'rust', `${name}.tar.gz`);
      const packed = await fetchChecked(url, expected, { bytesMax: archiveBytesMax, cachePath });
      // A stream: unpacked it has half a gigabyte.
      const tar = Readable.from([packed]).pipe(createGunzip());
      entries.push(...toEntries(await normaliseTar(tar, limits, { takesFirstOff: true, spool })));
    }
    const layer = await writeLayer(entries);
    return await pushImage(registry, {
      repository: 'tool/rust',
      tag: version,
      layers: [{ layer }],
      config: { env: {}, labels: { 'berth.tool': 'rust', 'berth.version': version, 'berth.recipe': recipe } },
    }).finally(layer.dispose);
  } finally {
    await spool.close();
  }
}

/** An archive has one directory per component, which its installer would copy; manuals and debuggers' parts are left out. */
function toEntries(tree: FileTree): LayerEntry[] {
  return tree
    .toLayerEntries(
      rustRoot,
      owner,
      ({ path }) => /^[^/]+\/(bin|lib)(\/|$)/.test(path) && !path.endsWith('manifest.in'),
    )
    .map((entry) => ({ ...entry, path: withoutComponent(entry.path) }));
}

/** `opt/berth/runtimes/rust/rustc/bin/rustc` → `opt/berth/runtimes/rust/bin/rustc` */
function withoutComponent(path: string): string {
  const [, ...rest] = path.slice(rustRoot.length + 1).split('/');
  return [rustRoot, ...rest].join('/');
}
