import type { Platform } from '../platform.js';
import type { CachedLayer } from './find-cached-layer.js';

/** Remembers what a key was built into; the last one stands, since an older one's blob may be gone from the registry. */
export async function saveCachedLayer(platform: Platform, layer: { key: string } & CachedLayer): Promise<void> {
  const { key, digest, diffId, sizeBytes } = layer;
  const built = { digest, diffId, sizeBytes };
  await platform.db.cachedLayer.upsert({
    where: { key },
    update: { ...built, lastUsedAt: new Date() },
    create: { key, ...built },
  });
}
