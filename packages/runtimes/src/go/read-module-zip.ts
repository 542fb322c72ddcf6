import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';

/** A file of a module zip; without the `module@version/` that each name begins with. */
export interface ModuleFile {
  path: string;
  content: Buffer;
}

export interface ModuleLimits {
  bytesMax: number;
  entriesMax: number;
}

/**
 * Reads a module's zip and checks it against its `h1:` hash (golang.org/x/mod/sumdb/dirhash: sha256 over the sorted lines
 * `<sha256 of the file>  <name>`). Names that lead outside, or of another module, are refused by the hash already; they
 * are refused here all the same.
 */
export async function readModuleZip(
  zip: Buffer,
  { prefix, hash }: { prefix: string; hash: string | ((files: readonly ModuleFile[]) => Promise<string>) },
  limits: ModuleLimits,
): Promise<ModuleFile[]> {
  const archive = await yauzl.fromBufferPromise(zip);
  const files: ModuleFile[] = [];
  const lines: [name: string, digest: string][] = [];
  let bytes = 0;
  for await (const entry of archive.eachEntry()) {
    bytes += entry.uncompressedSize;
    if (bytes > limits.bytesMax || files.length >= limits.entriesMax) throw new Error(`${prefix} is too large`);
    const name = entry.fileName;
    if (!name.startsWith(`${prefix}/`) || name.split('/').includes('..')) throw new Error(`${prefix} has ${name}`);
    if (name.endsWith('/')) continue;
    const content = await buffer(await archive.openReadStreamPromise(entry));
    files.push({ path: name.slice(prefix.length + 1), content });
    lines.push([name, createHash('sha256').update(content).digest('hex')]);
  }
  const expected = typeof hash === 'string' ? hash : await hash(files);
  if (moduleHash(lines) !== expected) throw new Error(`${prefix} does not have the hash ${expected}`);
  return files;
}

function moduleHash(lines: [name: string, digest: string][]): string {
  const text = lines
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, digest]) => `${digest}  ${name}\n`)
    .join('');
  return `h1:${createHash('sha256').update(text).digest('base64')}`;
}
