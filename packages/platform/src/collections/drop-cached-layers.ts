import { planCachedLayers } from '@berth/domain/plan-collection';
import type { Platform } from '../platform.js';

/** A team's cached layers together, bytes, and how long one is kept that no build uses, ms. */
export interface CacheLimits {
  bytesMax: number;
  keptMs: number;
}

const dayMs = 24 * 3_600_000;

/**
 * Which of a team's cached layers (keys) stay: the ones used last. A key without a row is not among them. With `isDryRun`
 * nothing is forgotten.
 */
export async function dropCachedLayers(
  { db }: Platform,
  { keys, limits, isDryRun }: { keys: readonly string[]; limits: CacheLimits; isDryRun: boolean },
): Promise<Set<string>> {
  const layers = await db.cachedLayer.findMany({ where: { key: { in: [...keys] } } });
  const { keep, remove } = planCachedLayers(layers, { now: Date.now(), graceMs: dayMs, ...limits });
  const kept = new Set(keep.map(({ key }) => key));
  if (isDryRun) return kept;
  for (const { key, lastUsedAt } of remove) {
    // One that was used since it was read stays.
    const { count } = await db.cachedLayer.deleteMany({ where: { key, lastUsedAt } });
    if (count === 0) kept.add(key);
  }
  return kept;
}
