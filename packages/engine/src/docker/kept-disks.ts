import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { HostDiskImage } from '../host-disk.js';
import { cacheDisks, devicesOf, diskTemplates, jailDisks, volumeDisks } from './disks.js';

const cacheKeptMs = 14 * 24 * 3600 * 1000;
/** stat(2) counts blocks of this size, whatever the file system's own. */
const blockBytes = 512;

/** File name, without its end, of the disk that outlives the builds of a key. */
const cacheName = (cacheKey: string): string => createHash('sha256').update(cacheKey).digest('hex').slice(0, 32);

export const cachePath = (directory: string, cacheKey: string): string =>
  join(cacheDisks(directory), `${cacheName(cacheKey)}.img`);

/** Deletes caches that no build has written to for 14 days; those on a device are in use. */
export async function removeOldCaches(directory: string, now = Date.now()): Promise<void> {
  const names = await readdir(cacheDisks(directory)).catch(() => []);
  for (const name of names) {
    const { mtimeMs } = await stat(join(cacheDisks(directory), name));
    if (now - mtimeMs > cacheKeptMs) await removeCache(directory, basename(name, '.img'));
  }
}

/** Deletes the cache of this name; false when a build or a prepared jail has it. */
export async function removeCache(directory: string, name: string): Promise<boolean> {
  const path = join(cacheDisks(directory), `${basename(name)}.img`);
  if ((await devicesOf(path)).length > 0) return false;
  await rm(path, { force: true });
  return true;
}

/** All disk images with the bytes they take: sparse, so less than their size. */
export async function listDiskImages(directory: string, cacheKeys: readonly string[]): Promise<HostDiskImage[]> {
  const keys = new Map(cacheKeys.map((key) => [cacheName(key), key]));
  const kinds = {
    ...{ jail: jailDisks(directory), cache: cacheDisks(directory) },
    ...{ template: diskTemplates(directory), volume: volumeDisks(directory) },
  };
  const found: HostDiskImage[] = [];
  for (const [kind, folder] of Object.entries(kinds) as [HostDiskImage['kind'], string][]) {
    for (const file of await readdir(folder).catch(() => [])) {
      if (!file.endsWith('.img')) continue;
      const about = await stat(join(folder, file)).catch(() => undefined);
      if (!about) continue;
      const name = basename(file, '.img');
      found.push({
        kind,
        name,
        cacheKey: (kind === 'cache' && keys.get(name)) || null,
        bytes: about.blocks * blockBytes,
        isOpen: kind !== 'template' && (await devicesOf(join(folder, file))).length > 0,
        modifiedAt: Math.round(about.mtimeMs),
      });
    }
  }
  return found;
}
