import { basename, dirname } from 'node:path';

/** What the daemon tells of an image (Engine API, GET /images/<id>/json), as far as it is looked at here. */
export interface InspectedImage {
  Config?: { Labels?: Record<string, string> | null } | null;
  GraphDriver?: { Name: string; Data?: Record<string, string> | null } | null;
}

/** A layer whose files a keeper holds. */
export interface KeptLayer {
  /** The daemon's own name of it: apps that share it share its directory, and so its pages in memory. */
  id: string;
  /** For people: `node-24.21.0`. */
  name: string;
  /** A path of the host. */
  directory: string;
}

/** What all keepers together may hold: a part of the host's memory. */
const partOfMemory = 1 / 8;

/**
 * Stack and runtime of an image of ours: what apps have in common, told by the image's labels. None of an image that does not say,
 * or of an engine that does not keep layers in directories (overlay2 does, containerd's store does not tell them).
 */
export function sharedLayers({ Config, GraphDriver }: InspectedImage): KeptLayer[] {
  const labels = Config?.Labels ?? {};
  const kinds = labels['berth.layers']?.split(' ') ?? [];
  const directories = layerDirectories(GraphDriver);
  if (directories.length !== kinds.length) return [];
  const nameOf: Record<string, string | undefined> = {
    stack: labels['berth.stack']?.split('@sha256:')[0],
    runtime: labels['berth.runtime'],
  };
  return kinds.flatMap((kind, index) => {
    const directory = directories[index]!;
    if (kind !== 'stack' && kind !== 'runtime') return [];
    return [{ id: basename(dirname(directory)), name: plain(nameOf[kind] ?? kind), directory }];
  });
}

/** From below, as `berth.layers` has them. overlay2 names the uppermost apart, and those below it from above. */
function layerDirectories(driver: InspectedImage['GraphDriver']): string[] {
  if (driver?.Name !== 'overlay2') return [];
  const { LowerDir = '', UpperDir = '' } = driver.Data ?? {};
  return [UpperDir, ...LowerDir.split(':')].filter((path) => /^\/[^:]*\/diff$/.test(path)).toReversed();
}

/** As part of a container's name. */
const plain = (text: string) => text.replaceAll(/[^a-zA-Z0-9_.-]+/g, '-').slice(0, 40);

/** Labels are what whoever pushes an image says: most used first, and no more than fit into a part of the memory. */
export function chooseLayers(
  images: readonly { layers: readonly KeptLayer[]; instances: number }[],
  { memoryBytes, bytesEach }: { memoryBytes: number; bytesEach: number },
): KeptLayer[] {
  const uses = new Map<string, { layer: KeptLayer; instances: number }>();
  for (const { layers, instances } of images)
    for (const layer of layers)
      uses.set(layer.id, { layer, instances: (uses.get(layer.id)?.instances ?? 0) + instances });
  return [...uses.values()]
    .toSorted((a, b) => b.instances - a.instances || (a.layer.id < b.layer.id ? -1 : 1))
    .slice(0, Math.floor((memoryBytes * partOfMemory) / bytesEach))
    .map(({ layer }) => layer);
}
