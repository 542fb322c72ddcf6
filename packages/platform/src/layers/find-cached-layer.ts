import type { Platform } from '../platform.js';

export interface CachedLayer {
  digest: string;
  diffId: string;
  sizeBytes: number;
}

/** The layer that a key was built into before. Its use is noted, for garbage collection. */
export async function findCachedLayer(platform: Platform, { key }: { key: string }): Promise<CachedLayer | undefined> {
  const [layer] = await platform.db.cachedLayer.updateManyAndReturn({
    where: { key },
    data: { lastUsedAt: new Date() },
    select: { digest: true, diffId: true, sizeBytes: true },
  });
  return layer;
}
