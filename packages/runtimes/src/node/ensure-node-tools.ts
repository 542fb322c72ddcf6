import type { Layer } from '@berth/images/layer';
import { ensureTool, toolsBin } from '../npm/ensure-tool.js';
import type { Tool } from '../npm/tools.js';
import type { RuntimeParts } from '../runtime.js';
import { npmOf } from '../sources.js';
import { ensureNodeRuntime, nodeRoot } from './ensure-node-runtime.js';
import { nodeRuntime } from './runtime.js';

/** Directories of their commands, for the PATH of a build image. */
export const nodeToolsPath = `/${nodeRoot}/bin:${toolsBin}`;

/** The layers of Node.js and its package managers for the build image of another language; none when `tools` has no node. */
export async function ensureNodeTools(
  parts: RuntimeParts,
  tools: readonly Tool[],
): Promise<{ layer: Layer; from: string }[]> {
  const wish = tools.find(({ name }) => name === 'node')?.version;
  if (wish === undefined) return [];
  const { registry, sources } = parts;
  const npm = npmOf(sources);
  const managers = tools.filter(({ name }) => name !== 'node' && name !== 'gradle');
  const images = await Promise.all([
    nodeRuntime.resolve(parts, wish).then((version) => ensureNodeRuntime({ registry, npm, version })),
    ...managers.map((tool) => ensureTool({ registry, npm, tool })),
  ]);
  return images.flatMap(({ layers, repository }) => layers.map((layer) => ({ layer, from: repository })));
}
