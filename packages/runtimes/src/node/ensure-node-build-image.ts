import { appUser } from '@berth/images/layer';
import { type LayerSource, type PushedImage, pushImage } from '@berth/images/push-image';
import type { Registry } from '@berth/images/registry';
import { writeLayer } from '@berth/images/write-layer';
import { jailEntries } from '../jail-entries.js';
import { ensureTool } from '../npm/ensure-tool.js';
import type { NpmRegistry } from '../npm/npm-registry.js';
import { type Tool, toolDefaults } from '../npm/tools.js';

/** What most builds need, so that they share one image. */
const usual: readonly Tool[] = [
  { name: 'pnpm', version: toolDefaults.pnpm },
  { name: 'yarn', version: toolDefaults.yarn },
];

/**
 * The image that a jail runs for Node builds: stack + runtime + package managers, as `build/node:<version>`; an app that
 * needs another version of them, or bun, gets `build/node:<version>-<tool>-<its version>`. Cheap when it is there.
 */
export async function ensureNodeBuildImage(options: {
  registry: Registry;
  npm: NpmRegistry;
  stack: PushedImage;
  runtime: PushedImage;
  version: string;
  tools: readonly Tool[];
}): Promise<PushedImage> {
  const { registry, npm, stack, runtime, version } = options;
  const isUsual = (tool: Tool) => usual.some(({ name, version: one }) => name === tool.name && one === tool.version);
  const own = options.tools.filter((tool) => !isUsual(tool));
  const wanted = own.length > 0 ? own : usual;
  const tools = await Promise.all(wanted.map((tool) => ensureTool({ registry, npm, tool })));
  const layers: LayerSource[] = [
    ...[stack, runtime, ...tools].flatMap((image) => image.layers.map((layer) => ({ layer, from: image.repository }))),
    { layer: await writeLayer(jailEntries) },
  ];
  return pushImage(registry, {
    repository: 'build/node',
    tag: [version, ...own.map((tool) => `${tool.name}-${tool.version}`)].join('-'),
    layers,
    config: {
      env: runtime.config.env,
      user: `${appUser.uid}:${appUser.gid}`,
      workingDir: '/workspace',
      labels: { 'berth.build': 'node', 'berth.version': version },
    },
  });
}
