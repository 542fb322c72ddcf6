import type { LayerEntry } from '@berth/images/layer';

/** Only for people at a terminal; licences stay. */
const isManual = (path: string) =>
  /^usr\/share\/(man|info|locale|lintian|bug|doc)\//.test(path) && !/^usr\/share\/doc\/[^/]+\/copyright$/.test(path);

/** Directories whose modes only the stack knows; as parents they get those. */
const stackDirectories = new Set(['tmp', 'var/tmp', 'root', 'run']);

/**
 * Puts the files of packages where the stack has them: a path that leads through a symlink of the stack (`lib/x` with
 * `lib -> usr/lib`) goes where that leads, because a directory in its place would hide what is behind it, and the image
 * with it. Leaves out manuals. A later entry of a path replaces an earlier one; sorted by path.
 */
export function placeEntries(
  entries: readonly LayerEntry[],
  stackLinks: Readonly<Record<string, string>>,
): Map<string, LayerEntry> {
  const placed = new Map<string, LayerEntry>();
  for (const entry of entries) {
    const path = follow(entry.path, stackLinks, entry.type === 'directory');
    if (isManual(`${path}${entry.type === 'directory' ? '/' : ''}`) || stackDirectories.has(path)) continue;
    if (entry.type === 'directory' && placed.has(path)) continue;
    placed.set(path, { ...entry, path });
  }
  return new Map([...placed].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A chain of links is no longer than this, as in the kernel. */
const linksMax = 40;

function follow(path: string, links: Readonly<Record<string, string>>, withLast: boolean): string {
  let found = path;
  for (let count = 0; count < linksMax; count += 1) {
    const parts = found.split('/');
    const depth = parts.findIndex(
      (_, index) => (withLast || index < parts.length - 1) && links[parts.slice(0, index + 1).join('/')] !== undefined,
    );
    if (depth < 0) return found;
    const link = parts.slice(0, depth + 1).join('/');
    found = [...resolveLink(link, links[link]!), ...parts.slice(depth + 1)].join('/');
  }
  throw new Error(`${path}: the stack's symlinks lead in a circle`);
}

/** Where the symlink at `path` leads, from the root. */
function resolveLink(path: string, target: string): string[] {
  const result = target.startsWith('/') ? [] : path.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..') result.pop();
    else if (part !== '' && part !== '.') result.push(part);
  }
  return result;
}
