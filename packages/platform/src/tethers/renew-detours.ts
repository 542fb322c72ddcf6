import type { Platform } from '../platform.js';
import { detourLease } from './detour-lease.js';

/** False: one of them was over already, so that somebody else may have its service. */
export async function renewDetours({ db }: Platform, { ids }: { ids: readonly string[] }): Promise<boolean> {
  const { count } = await db.detour.updateMany({
    where: { id: { in: [...ids] }, leaseUntil: { gt: new Date() } },
    data: { leaseUntil: detourLease() },
  });
  return count === ids.length;
}
