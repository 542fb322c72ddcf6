import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError } from '@berth/domain/errors';
import { extract, type Header } from 'tar-stream';
import { FileTree, type TreeEntry } from './file-tree.js';
import { Spool } from './spool.js';

export interface TarLimits {
  /** Sum of all files, a hard link counted as a file of its own. */
  bytesMax: number;
  entriesMax: number;
}

export interface TarOptions {
  /** A first directory that every path must have and that is taken off (a tar of a directory may carry its name). */
  below?: string;
  /** Takes the first directory off, whatever its name (npm's tarballs). */
  takesFirstOff?: boolean;
  /** Where the contents go; shared by trees that are made one after the other. */
  spool?: Spool;
  /** Members of a tar that is not hostile (devices of a stack) may be left out instead of refused. */
  leaveOut?: (header: Header) => boolean;
}

const pathBytesMax = 4096;

/**
 * Reads a tar that somebody else made into a tree: no path leads outside or through a symlink, only files, directories
 * and symlinks, hard links only to files of the same tar, no set-user-id bits, owners or times. What breaks a rule is a
 * UserError.
 */
export async function normaliseTar(tar: Readable, limits: TarLimits, options: TarOptions = {}): Promise<FileTree> {
  const reader = new TreeReader(limits, options);
  const members = extract();
  try {
    await Promise.all([
      pipeline(tar, members),
      (async () => {
        for await (const member of members) await reader.add(member.header, member);
      })(),
    ]);
    return reader.finish();
  } catch (error) {
    if (!options.spool) await reader.spool.close();
    throw error;
  }
}

class TreeReader {
  readonly spool: Spool;
  readonly #entries = new Map<string, TreeEntry>();
  readonly #limits: TarLimits;
  readonly #options: TarOptions;
  #bytes = 0;
  #count = 0;

  constructor(limits: TarLimits, options: TarOptions) {
    this.#limits = limits;
    this.#options = options;
    this.spool = options.spool ?? new Spool();
  }

  async add(header: Header, content: AsyncIterable<unknown> & { resume: () => unknown }): Promise<void> {
    this.#count += 1;
    if (this.#count > this.#limits.entriesMax)
      throw new UserError('too_large', `There are more than ${this.#limits.entriesMax} files.`);
    const path = this.#options.leaveOut?.(header) ? undefined : this.#pathOf(header.name);
    if (path === undefined) return void content.resume();
    const { mode, uid, gid } = header;
    const base = { path, mode, uid, gid, isExecutable: (mode & 0o111) !== 0, sizeBytes: 0, offset: 0 };
    switch (header.type) {
      case 'file':
      case 'contiguous-file':
        this.#set({ ...base, type: 'file', ...(await this.#spoolContent(content)) });
        return;
      case 'directory':
        this.#set({ ...base, type: 'directory' });
        break;
      case 'symlink':
        this.#set({ ...base, type: 'symlink', linkTarget: checkLinkTarget(path, header.linkname) });
        break;
      case 'link':
        this.#set({ ...this.#linked(path, header.linkname), path });
        break;
      default:
        throw new UserError(
          'bad_request',
          `${path} is a ${header.type}; only files, directories and links can be kept.`,
        );
    }
    content.resume();
  }

  finish(): FileTree {
    for (const { path } of this.#entries.values())
      for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
        const parent = this.#entries.get(path.slice(0, at));
        if (parent && parent.type !== 'directory')
          throw new UserError('bad_request', `${path} lies below ${parent.path}, which is a ${parent.type}.`);
        if (!parent) this.#addParent(path.slice(0, at));
      }
    return new FileTree(this.#entries, this.spool);
  }

  #addParent(path: string): void {
    this.#entries.set(path, { ...impliedDirectory, path });
  }

  #set(entry: TreeEntry): void {
    this.#entries.delete(entry.path);
    this.#entries.set(entry.path, entry);
  }

  #pathOf(name: string): string | undefined {
    if (name.startsWith('/') || name.includes('\0') || Buffer.byteLength(name) > pathBytesMax)
      throw new UserError('bad_request', `The path ${JSON.stringify(name.slice(0, 200))} is not allowed.`);
    const parts = name.split('/').filter((part) => part !== '' && part !== '.');
    if (parts.includes('..')) throw new UserError('bad_request', `The path ${JSON.stringify(name)} leads outside.`);
    if (parts.some((part) => part.startsWith('.wh.')))
      throw new UserError('bad_request', `The name ${JSON.stringify(name)} means a deletion in an image.`);
    if (this.#options.below !== undefined && parts.shift() !== this.#options.below)
      throw new UserError('bad_request', `The path ${JSON.stringify(name)} leads outside.`);
    if (this.#options.takesFirstOff) parts.shift();
    return parts.length === 0 ? undefined : parts.join('/');
  }

  async #spoolContent(content: AsyncIterable<unknown>): Promise<{ offset: number; sizeBytes: number }> {
    const offset = this.spool.sizeBytes;
    for await (const chunk of content) {
      this.#addBytes((chunk as Buffer).length);
      await this.spool.append(chunk as Buffer);
    }
    return { offset, sizeBytes: this.spool.sizeBytes - offset };
  }

  #linked(path: string, linkname: string | null | undefined): TreeEntry {
    const target = this.#entries.get(this.#pathOf(linkname ?? '') ?? '');
    if (target?.type !== 'file')
      throw new UserError('bad_request', `${path} is a hard link to ${linkname}, which is not a file of this build.`);
    this.#addBytes(target.sizeBytes);
    return target;
  }

  #addBytes(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#limits.bytesMax)
      throw new UserError(
        'too_large',
        `The files are larger than ${Math.floor(this.#limits.bytesMax / 1024 ** 2)} MiB.`,
      );
  }
}

const impliedDirectory = {
  type: 'directory',
  mode: 0o755,
  uid: 0,
  gid: 0,
  isExecutable: true,
  sizeBytes: 0,
  offset: 0,
} as const;

function checkLinkTarget(path: string, target: string | null | undefined): string {
  if (!target || target.includes('\0') || Buffer.byteLength(target) > pathBytesMax)
    throw new UserError('bad_request', `The symlink ${path} has no usable target.`);
  return target;
}
