import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { PackedArchive } from '@berth/images/push-source';

/** Archives up to this size stay in memory. */
const memoryMax = 8 * 1024 * 1024;

export type CollectedArchive = PackedArchive & { dispose: () => Promise<void> };

/** Collects an archive for its upload and hashes it on the way: a small one in memory, a large one in a file. */
export class ArchiveCollector extends Writable {
  readonly #path: string;
  readonly #hash = createHash('sha256');
  #chunks: Buffer[] = [];
  #sizeBytes = 0;
  #file: FileHandle | undefined;

  constructor(dir: string) {
    super();
    this.#path = join(dir, `source-${randomUUID()}.tar.gz`);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#hash.update(chunk);
    this.#sizeBytes += chunk.length;
    this.#chunks.push(chunk);
    if (!this.#file && this.#sizeBytes <= memoryMax) done();
    else this.#spill().then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    Promise.resolve(this.#file?.close()).then(() => done(), done);
  }

  /** After the end of the stream. */
  collected(): CollectedArchive {
    return {
      digest: `sha256:${this.#hash.digest('hex')}`,
      sizeBytes: this.#sizeBytes,
      data: this.#file ? { kind: 'file', path: this.#path } : { kind: 'memory', bytes: Buffer.concat(this.#chunks) },
      dispose: () => this.dispose(),
    };
  }

  async dispose(): Promise<void> {
    await this.#file?.close().catch(() => {}); // it is closed at the end of the stream
    await rm(this.#path, { force: true });
  }

  async #spill(): Promise<void> {
    this.#file ??= await open(this.#path, 'wx', 0o600);
    const chunks = this.#chunks;
    this.#chunks = [];
    for (const chunk of chunks) await this.#file.writeFile(chunk);
  }
}
