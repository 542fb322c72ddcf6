import { appUser, type LayerEntry } from '@berth/images/layer';
import { type PushedImage, pushImage } from '@berth/images/push-image';
import { writeLayer } from '@berth/images/write-layer';
import { jailEntries } from '../jail-entries.js';
import type { RuntimeParts } from '../runtime.js';
import type { DebianLayer } from './ensure-debian-layer.js';
import { shortHash } from './push-debian-runtime.js';

type KnownLayer = Pick<DebianLayer, 'layer' | 'from'>;

/** Writes `build/<name>`: the stack, the runtime, layers of Debian packages for builds, files of our own, and jailEntries. */
export async function pushDebianBuildImage(
  { registry, stack }: Pick<RuntimeParts, 'registry' | 'stack'>,
  image: {
    name: string;
    version: string;
    /** Straight above the stack. */
    toolchain?: KnownLayer;
    runtime: PushedImage;
    /** Above the runtime. */
    tools: readonly KnownLayer[];
    own?: readonly LayerEntry[];
    env: Record<string, string>;
  },
): Promise<PushedImage> {
  const { name, version, toolchain, runtime, tools, env } = image;
  const of = ({ layers, repository }: PushedImage) => layers.map((layer) => ({ layer, from: repository }));
  const last = await writeLayer([...(image.own ?? []), ...jailEntries]);
  const layers = [...of(stack), ...(toolchain ? [toolchain] : []), ...of(runtime), ...tools, { layer: last }];
  return pushImage(registry, {
    repository: `build/${name}`,
    tag: `${version}-${shortHash([layers.map(({ layer }) => layer.diffId), env])}`,
    layers,
    config: {
      env,
      user: `${appUser.uid}:${appUser.gid}`,
      workingDir: '/workspace',
      labels: { 'berth.build': name, 'berth.version': version },
    },
  }).finally(last.dispose);
}
