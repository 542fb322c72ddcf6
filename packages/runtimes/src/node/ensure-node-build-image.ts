import { appUser, type LayerEntry } from '@berth/images/layer';
import { type LayerSource, type PushedImage, pushImage } from '@berth/images/push-image';
import type { Registry } from '@berth/images/registry';
import { writeLayer } from '@berth/images/write-layer';
import { ensureTool, toolsBin } from '../npm/ensure-tool.js';
import type { NpmRegistry } from '../npm/npm-registry.js';
import { type Tool, toolDefaults } from '../npm/tools.js';
import { nodeRoot } from './ensure-node-runtime.js';

/** PATH of jails and apps: our runtime and tools, the system's, then the app's own commands, as Heroku orders them. */
export const nodePath = `/${nodeRoot}/bin:${toolsBin}:/usr/local/bin:/usr/bin:/bin:/app/bin:/app/node_modules/.bin`;

/** Mount points of a jail: the source, the app's cache, and a home on that cache. */
const jailDirectories = ['workspace', 'cache'];

/**
 * The image that a jail runs for Node builds: stack + runtime + package managers, as `build/node:<version>`; an app that
 * names another version of pnpm or yarn gets `build/node:<version>-<tool>-<its version>`. Cheap when it is there.
 */
export async function ensureNodeBuildImage(options: {
  registry: Registry;
  npm: NpmRegistry;
  stack: PushedImage;
  runtime: PushedImage & { version: string };
  /** An own version of pnpm or yarn. */
  tool?: Tool | undefined;
}): Promise<PushedImage> {
  const { registry, npm, stack, runtime, tool } = options;
  const isOther = tool && tool.name !== 'npm' && toolDefaults[tool.name] !== tool.version;
  const wanted: Tool[] = isOther
    ? [tool]
    : [
        { name: 'pnpm', version: toolDefaults.pnpm },
        { name: 'yarn', version: toolDefaults.yarn },
      ];
  const tools = await Promise.all(wanted.map((one) => ensureTool({ registry, npm, tool: one })));
  const directories: LayerEntry[] = jailDirectories.map((path) => ({
    path,
    type: 'directory',
    mode: 0o755,
    ...appUser,
  }));
  const layers: LayerSource[] = [
    ...[stack, runtime, ...tools].flatMap((image) => image.layers.map((layer) => ({ layer, from: image.repository }))),
    { layer: await writeLayer(directories) },
  ];
  return pushImage(registry, {
    repository: 'build/node',
    tag: isOther ? `${runtime.version}-${tool.name}-${tool.version}` : runtime.version,
    layers,
    config: {
      env: { PATH: nodePath, LANG: 'C.UTF-8', NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt' },
      user: `${appUser.uid}:${appUser.gid}`,
      workingDir: '/workspace',
      labels: { 'berth.build': 'node', 'berth.version': runtime.version },
    },
  });
}
