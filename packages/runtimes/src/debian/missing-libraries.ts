import type { LayerEntry } from '@berth/images/layer';
import { elfNeeded } from './elf-needed.js';
import { isLibrary } from './read-stack-state.js';

/** Bytes that every program starts with. */
const magicBytes = 4;

/**
 * What the programs and libraries among `entries` need and nobody has: neither they nor the layers below (`known`, file
 * names). A library counts as there wherever it lies: packages find those of their own folders at run time.
 */
export async function missingLibraries(
  entries: Iterable<LayerEntry>,
  known: Iterable<string>,
): Promise<{ library: string; neededBy: string }[]> {
  const all = [...entries];
  const names = new Set(known);
  for (const { path } of all) if (isLibrary(path)) names.add(path.slice(path.lastIndexOf('/') + 1));
  const missing: { library: string; neededBy: string }[] = [];
  for (const entry of all) {
    if (entry.type !== 'file' || (entry.sizeBytes ?? 0) < magicBytes) continue;
    if ((entry.mode & 0o111) === 0 && !isLibrary(entry.path)) continue;
    const content = typeof entry.content === 'function' ? await entry.content() : entry.content;
    for (const library of (content && elfNeeded(content)) ?? [])
      if (!names.has(library)) missing.push({ library, neededBy: entry.path });
  }
  return missing;
}
