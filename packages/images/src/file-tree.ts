import type { LayerEntry } from './layer.js';
import type { Spool } from './spool.js';

/** One file, directory or symlink below the root of a tree. Paths have no leading slash. */
export interface TreeEntry {
  path: string;
  type: 'file' | 'directory' | 'symlink';
  isExecutable: boolean;
  /** As the tar says; only a stack, which is not hostile, keeps them. */
  mode: number;
  uid: number;
  gid: number;
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
      entries.push(this.#layerEntry(entry, { path: `${prefix}/${entry.path}`, mode, ...owner }));
    }
    return entries;
  }

  /** All entries with the tar's own modes and owners, at the image's root: for stacks only. No set-user-id bits. */
  toRootEntries(): LayerEntry[] {
    return [...this.entries.values()].map((entry) =>
      this.#layerEntry(entry, { path: entry.path, mode: entry.mode & 0o1777, uid: entry.uid, gid: entry.gid }),
    );
  }

  #layerEntry(entry: TreeEntry, base: Pick<LayerEntry, 'path' | 'mode' | 'uid' | 'gid'>): LayerEntry {
    if (entry.type === 'symlink') return { ...base, type: 'symlink', linkTarget: entry.linkTarget ?? '' };
    if (entry.type === 'directory') return { ...base, type: 'directory' };
    const content = () => this.#spool.read(entry.offset, entry.sizeBytes);
    return { ...base, type: 'file', sizeBytes: entry.sizeBytes, content };
  }

  /** The part below one directory, with paths relative to it. It shares the contents: close the whole tree only. */
  below(directory: string): FileTree {
    const prefix = `${directory}/`;
    const entries = [...this.entries.values()]
      .filter((entry) => entry.path.startsWith(prefix))
      .map((entry) => ({ ...entry, path: entry.path.slice(prefix.length) }));
    return new FileTree(new Map(entries.map((entry) => [entry.path, entry])), this.#spool);
  }

  async close(): Promise<void> {
    await this.#spool.close();
  }
}
