import type { OtherContainer } from '@berth/domain/meter-usage';
import type { Platform } from '../platform.js';

/** Container → app; a Redis server's is the one that it goes with, whoever has it attached. */
export async function findAppsOfOthers(
  { db }: Platform,
  others: readonly OtherContainer[],
): Promise<ReadonlyMap<string, string>> {
  const keys = others.flatMap((other) => ('redisKey' in other ? [other.redisKey] : []));
  const addOns = await db.addOn.findMany({
    where: { database: { in: keys } },
    select: { database: true, appId: true },
  });
  const byKey = new Map(addOns.map(({ database, appId }) => [database, appId]));
  return new Map(
    others.flatMap((other) => {
      const appId = 'appId' in other ? other.appId : byKey.get(other.redisKey);
      return appId ? [[other.containerId, appId] as const] : [];
    }),
  );
}
