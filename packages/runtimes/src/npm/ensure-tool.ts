import type { LayerEntry } from '@berth/images/layer';
import { type PushedImage, pushImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import type { Registry } from '@berth/images/registry';
import { writeLayer } from '@berth/images/write-layer';
import { fetchTree } from './fetch-tree.js';
import type { NpmRegistry } from './npm-registry.js';
import { type Tool, toolPackages } from './tools.js';

/** Raised when the layer is made in another way. */
const recipe = '1';
const owner = { uid: 0, gid: 0 };

/** Where the commands of tools are; part of PATH in jails and apps. */
export const toolsBin = '/opt/berth/tools/bin';

/**
 * Makes sure that `tool/<name>:<version>` (one layer: a package manager below /opt/berth/tools) is in the registry.
 * Unpacked from the npm registry, never by corepack, which needs download sites of its own.
 */
export async function ensureTool(options: { registry: Registry; npm: NpmRegistry; tool: Tool }): Promise<PushedImage> {
  const { registry, npm, tool } = options;
  if (tool.name === 'gradle' || tool.name === 'node') throw new Error(`${tool.name} is a part of build images only`);
  const repository = `tool/${tool.name}`;
  const known = await readImage(registry, repository, tool.version);
  if (known?.config.labels['berth.recipe'] === recipe) return known;
  const about = toolPackages[tool.name];
  const tree = await fetchTree(npm, about.package(tool.version), tool.version);
  try {
    const commands = Object.entries(about.commands).filter(([, file]) => tree.entries.has(file));
    const executables = new Set(commands.map(([, file]) => file));
    const entries: LayerEntry[] = [
      ...tree
        .toLayerEntries(`opt/berth/tools/${tool.name}`, owner)
        .map((entry) =>
          executables.has(entry.path.split('/').slice(4).join('/')) ? { ...entry, mode: 0o755 } : entry,
        ),
      ...commands.map(([command, file]) => ({
        path: `${toolsBin.slice(1)}/${command}`,
        type: 'symlink' as const,
        mode: 0o777,
        ...owner,
        linkTarget: `../${tool.name}/${file}`,
      })),
    ];
    const layer = await writeLayer(entries);
    return await pushImage(registry, {
      repository,
      tag: tool.version,
      layers: [{ layer }],
      config: { env: {}, labels: { 'berth.tool': tool.name, 'berth.version': tool.version, 'berth.recipe': recipe } },
    }).finally(layer.dispose);
  } finally {
    await tree.close();
  }
}
