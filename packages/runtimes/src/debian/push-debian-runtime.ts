import { createHash } from 'node:crypto';
import type { LayerEntry } from '@berth/images/layer';
import { type PushedImage, pushImage } from '@berth/images/push-image';
import { writeLayer } from '@berth/images/write-layer';
import type { RuntimeParts } from '../runtime.js';
import type { DebianLayer } from './ensure-debian-layer.js';

/** Raised when the layers are put together in another way. */
const recipe = '1';

/** Writes `runtime/<name>`: a layer of Debian packages, and above it the files of our own that go with it. */
export async function pushDebianRuntime(
  { registry }: Pick<RuntimeParts, 'registry'>,
  runtime: {
    name: string;
    version: string;
    debian: DebianLayer;
    own?: readonly LayerEntry[];
    env: Record<string, string>;
    /** What a rebase may not cross. */
    abi: string;
  },
): Promise<PushedImage> {
  const { name, version, debian, env, abi } = runtime;
  const own = runtime.own && (await writeLayer(runtime.own));
  return pushImage(registry, {
    repository: `runtime/${name}`,
    tag: `${version}-${shortHash([debian.layer.diffId, own?.diffId, env])}`,
    layers: [{ layer: debian.layer, from: debian.from }, ...(own ? [{ layer: own }] : [])],
    config: {
      env,
      labels: {
        'berth.runtime': name,
        'berth.version': version,
        'berth.recipe': recipe,
        'berth.abi': abi,
        'berth.packages': JSON.stringify(debian.packages),
      },
    },
  }).finally(own?.dispose);
}

/** Tells apart images of one version that were made of other layers. */
export const shortHash = (parts: unknown): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
