import type { LayerEntry } from './layer.js';

/** Directories of a stack that are not root's 0755. */
const stackModes: Record<string, number> = { tmp: 0o1777, 'var/tmp': 0o1777, root: 0o700 };

/** Entries in the order of their names with every missing parent directory added as the stack has it. */
export function withParents(entries: readonly LayerEntry[]): LayerEntry[] {
  const known = new Map(entries.map((entry) => [entry.path, entry]));
  for (const { path } of entries)
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const parent = path.slice(0, at);
      if (known.has(parent)) break;
      known.set(parent, {
        path: parent,
        type: 'directory',
        mode: stackModes[parent] ?? 0o755,
        uid: 0,
        gid: 0,
      });
    }
  return [...known.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
