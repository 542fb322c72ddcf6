import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TransientError } from '@berth/domain/errors';

const answerTimeoutMs = 120_000;

/** GET of a document of a package registry; no answer, or another one than 200, is a TransientError. */
export async function fetchDocument(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ text: string; type: string; url: string }> {
  const response = await get(url, headers);
  return { text: await response.text(), type: response.headers.get('content-type') ?? '', url: response.url };
}

/** What somebody says that a download must be. */
export interface Expected {
  algorithm: 'sha1' | 'sha256' | 'sha512';
  /** Hexadecimal. */
  hash: string;
}

/** A download of at most `bytesMax` bytes, checked by its hash, kept at `cachePath` if there is one. */
export async function fetchChecked(
  url: string,
  { algorithm, hash }: Expected,
  { bytesMax, cachePath }: { bytesMax: number; cachePath?: string | undefined },
): Promise<Buffer> {
  const isRight = (bytes: Buffer) => createHash(algorithm).update(bytes).digest('hex') === hash.toLowerCase();
  const cached = cachePath ? await readFile(cachePath).catch(() => undefined) : undefined;
  if (cached && isRight(cached)) return cached;
  const bytes = await readBounded(await get(url, {}), bytesMax, url);
  if (!isRight(bytes)) throw new Error(`${url} does not have the ${algorithm} ${hash}`);
  if (cachePath) {
    await mkdir(dirname(cachePath), { recursive: true });
    const part = `${cachePath}.${randomUUID()}`;
    await writeFile(part, bytes);
    await rename(part, cachePath);
  }
  return bytes;
}

/** The body of an answer, named `what` in errors: more than `bytesMax` bytes is an error, a body that is cut a TransientError. */
export async function readBounded(response: Response, bytesMax: number, what: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > bytesMax) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw new TransientError(`${what} was cut: ${error}`, { cause: error });
  }
  if (bytes > bytesMax) throw new Error(`${what} is larger than ${bytesMax} bytes`);
  return Buffer.concat(chunks);
}

async function get(url: string, headers: Record<string, string>): Promise<Response> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(answerTimeoutMs) }).catch((error) => {
    throw new TransientError(`${url}: ${error.cause ?? error}`, { cause: error });
  });
  if (!response.ok) throw new TransientError(`${url} answered ${response.status}`);
  return response;
}
