import { buffer } from 'node:stream/consumers';
import type { LayerEntry } from '@berth/images/layer';
import { type PushedImage, pushImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import { writeLayer } from '@berth/images/write-layer';
import yauzl from 'yauzl';
import { toolsBin } from '../npm/ensure-tool.js';
import { fetchWheel } from '../pypi/pypi-index.js';
import type { RuntimeParts } from '../runtime.js';

/** Raised when the layer is made in another way. */
const recipe = '1';

/** One for all: it reads the lockfiles of every uv before it. */
export const uvVersion = '0.13.9';

const bytesMax = 128 * 1024 ** 2;

/** Makes sure that `tool/uv:<version>` (one layer: the program, from its wheel) is in the registry. */
export async function ensureUv({
  registry,
  sources,
}: Pick<RuntimeParts, 'registry' | 'sources'>): Promise<PushedImage> {
  const repository = 'tool/uv';
  const known = await readImage(registry, repository, uvVersion);
  if (known?.config.labels['berth.recipe'] === recipe) return known;
  const tags = /manylinux_2_17_x86_64\.manylinux2014_x86_64\.whl$/;
  const wheel = await fetchWheel(sources, { project: 'uv', version: uvVersion, tags, bytesMax });
  const layer = await writeLayer(await commandsOf(wheel));
  const labels = { 'berth.tool': 'uv', 'berth.version': uvVersion, 'berth.recipe': recipe };
  const image = { repository, tag: uvVersion, layers: [{ layer }], config: { env: {}, labels } };
  return pushImage(registry, image).finally(layer.dispose);
}

/** `uv-<version>.data/scripts/uv`: what an installer would put into its bin directory (binary distribution format). */
async function commandsOf(wheel: Buffer): Promise<LayerEntry[]> {
  const archive = await yauzl.fromBufferPromise(wheel);
  const entries: LayerEntry[] = [];
  for await (const entry of archive.eachEntry()) {
    const name = /^uv-[^/]+\.data\/scripts\/(uvx?)$/.exec(entry.fileName)?.[1];
    if (!name || entry.uncompressedSize > bytesMax) continue;
    const content = await buffer(await archive.openReadStreamPromise(entry));
    const path = `${toolsBin.slice(1)}/${name}`;
    entries.push({ path, type: 'file', mode: 0o755, uid: 0, gid: 0, content, sizeBytes: content.length });
  }
  if (entries.length === 0) throw new Error('the wheel of uv has no command');
  return entries;
}
