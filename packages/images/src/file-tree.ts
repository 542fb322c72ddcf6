import type { LayerEntry } from './layer.js';
import type { Spool } from './spool.js';

/** One file, directory or symlink below the root of a tree. Paths have no leading slash. */
export interface TreeEntry {
  path: string;
  type: 'file' | 'directory' | 'symlink';
  isExecutable: boolean;
  linkTarget?: string;
  sizeBytes: number;
  /** Where the content is in the tree's spool. */
  offset: number;
}

/** The files of a tar, checked; contents stay in a spool until `close`. */
export class FileTree {
  readonly entries: ReadonlyMap<string, TreeEntry>;
  readonly #spool: Spool;

  constructor(entries: ReadonlyMap<string, TreeEntry>, spool: Spool) {
    this.entries = entries;
    this.#spool = spool;
  }

  /** Content of a file, or undefined when there is no such file. Symlinks are not followed. */
  async read(path: string): Promise<Buffer | undefined> {
    const entry = this.entries.get(path);
    return entry?.type === 'file' ? this.#spool.read(entry.offset, entry.sizeBytes) : undefined;
  }

  /**
   * The entries that `keep` names as members of a layer below `prefix`, all owned by `owner`.
   * Read their contents (by writeLayer) before `close`.
   */
  toLayerEntries(
    prefix: string,
    owner: { uid: number; gid: number },
    keep: (entry: TreeEntry) => boolean = () => true,
  ): LayerEntry[] {
    const entries: LayerEntry[] = [{ path: prefix, type: 'directory', mode: 0o755, ...owner }];
    for (const entry of this.entries.values()) {
      if (!keep(entry)) continue;
      const mode = entry.type === 'symlink' ? 0o777 : entry.type === 'directory' || entry.isExecutable ? 0o755 : 0o644;
      const base = { path: `${prefix}/${entry.path}`, type: entry.type, mode, ...owner };
      if (entry.linkTarget !== undefined) entries.push({ ...base, linkTarget: entry.linkTarget });
      else if (entry.type === 'directory') entries.push(base);
      else {
        const content = () => this.#spool.read(entry.offset, entry.sizeBytes);
        entries.push({ ...base, sizeBytes: entry.sizeBytes, content });
      }
    }
    return entries;
  }

  async close(): Promise<void> {
    await this.#spool.close();
  }
}
