import type { Readable } from 'node:stream';

/** What a manifest and a config say of one layer; the three stay together (the registry does not check diff ids). */
export interface Layer {
  /** sha256 of the gzipped tar: the blob's name. */
  digest: string;
  /** sha256 of the plain tar. */
  diffId: string;
  /** Bytes of the gzipped tar. */
  sizeBytes: number;
}

/** A layer with its bytes at hand: small ones in memory, big ones in a temporary file that `dispose` removes. */
export interface PackedLayer extends Layer {
  data: BlobData;
  dispose: () => Promise<void>;
}

/** Bytes to upload. */
export type BlobData =
  | { kind: 'memory'; bytes: Buffer }
  | { kind: 'file'; path: string }
  | { kind: 'stream'; open: () => Promise<Readable> };

/** One member of a layer. Paths are relative to the image's root, without leading or trailing slash. */
export interface LayerEntry {
  path: string;
  type: 'file' | 'directory' | 'symlink';
  /** Permission bits; set-user-id, set-group-id and sticky bits only where a stack has them. */
  mode: number;
  uid: number;
  gid: number;
  /** Of symlinks. */
  linkTarget?: string;
  /** Of files; read when the tar is written. */
  content?: Buffer | (() => Promise<Buffer> | Buffer);
  /** Of files. */
  sizeBytes?: number;
  /** Of files of ours: the extended attribute `security.capability` (pax-header.ts). */
  capability?: Buffer;
}

/** Every member of every layer has this modification time (2025-01-01T00:00:00Z): same source, same digest. */
export const fixedMtime = new Date(1_735_689_600_000);

/** The customer's user in the stack's /etc/passwd. */
export const appUser = { uid: 10_001, gid: 10_001 } as const;
