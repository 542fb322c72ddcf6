import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { TransientError } from '@berth/domain/errors';
import type { Apt } from './open-apt.js';
import { pruneUnused } from './prune-unused.js';
import type { DebianPackage } from './resolve-packages.js';

/**
 * Files of packages in `directory`, by the sha256 that apt's lists name. What is not there is fetched by apt's own download
 * methods (its proxy, its certificate authorities) and checked by them; what is there is checked again.
 */
export async function fetchPackages(
  apt: Apt,
  packages: readonly DebianPackage[],
  directory: string,
): Promise<Map<DebianPackage, string>> {
  await mkdir(directory, { recursive: true });
  const files = new Map(packages.map((one) => [one, join(directory, `${one.sha256}.deb`)]));
  const missing: DebianPackage[] = [];
  for (const [one, path] of files) if (!(await isPackage(path, one))) missing.push(one);
  await pruneUnused(
    directory,
    [...files].filter(([one]) => !missing.includes(one)).map(([, path]) => path),
  );
  if (missing.length === 0) return files;
  const part = join(directory, `part-${randomUUID()}`);
  await mkdir(part);
  try {
    const wanted = missing.flatMap((one) => [one.url, join(part, one.sha256), `SHA256:${one.sha256}`]);
    await apt.run(['/usr/lib/apt/apt-helper', '-qq', 'download-file', ...wanted]);
    for (const one of missing) await rename(join(part, one.sha256), files.get(one)!);
  } catch (error) {
    await apt.expire();
    throw new TransientError(`Debian packages could not be fetched: ${error}`, { cause: error });
  } finally {
    await rm(part, { recursive: true, force: true });
  }
  return files;
}

async function isPackage(path: string, { sizeBytes, sha256 }: DebianPackage): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found?.size !== sizeBytes) return false;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex') === sha256;
}
