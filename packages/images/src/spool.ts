import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bytes kept in memory before a file is used. */
const memoryMax = 16 * 1024 * 1024;

/**
 * Append-only bytes that are read again by offset: a tar comes in any order and a layer must go out sorted.
 * Small ones stay in memory; the file of a big one is unlinked at once, so that a killed process leaves nothing.
 */
export class Spool {
  #chunks: { offset: number; bytes: Buffer }[] = [];
  #sizeBytes = 0;
  #file: FileHandle | undefined;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Returns the offset of the first byte. */
  async append(bytes: Buffer): Promise<number> {
    const offset = this.#sizeBytes;
    this.#sizeBytes += bytes.length;
    if (!this.#file && this.#sizeBytes > memoryMax) await this.#moveToFile();
    if (this.#file) await writeAll(this.#file, bytes, offset);
    else this.#chunks.push({ offset, bytes });
    return offset;
  }

  async read(offset: number, sizeBytes: number): Promise<Buffer> {
    const result = Buffer.allocUnsafe(sizeBytes);
    if (this.#file) {
      let done = 0;
      while (done < sizeBytes) {
        const { bytesRead } = await this.#file.read(result, done, sizeBytes - done, offset + done);
        if (bytesRead === 0) throw new Error('spool: file is shorter than what was written');
        done += bytesRead;
      }
      return result;
    }
    for (let at = this.#indexAt(offset), done = 0; done < sizeBytes; at += 1) {
      const chunk = this.#chunks[at]!;
      done += chunk.bytes.copy(result, done, offset + done - chunk.offset);
    }
    return result;
  }

  async close(): Promise<void> {
    this.#chunks = [];
    await this.#file?.close();
  }

  /** The last chunk that starts at or before `offset`. */
  #indexAt(offset: number): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#chunks[middle]!.offset <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  async #moveToFile(): Promise<void> {
    const path = join(tmpdir(), `berth-spool-${randomUUID()}`);
    this.#file = await open(path, 'wx+', 0o600);
    await rm(path);
    for (const chunk of this.#chunks) await writeAll(this.#file, chunk.bytes, chunk.offset);
    this.#chunks = [];
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, offset: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
}
