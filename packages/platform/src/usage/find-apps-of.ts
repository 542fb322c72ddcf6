import type { Platform } from '../platform.js';

/** Container → app, for those that are an app's instances. */
export async function findAppsOf(
  { db }: Platform,
  containerIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const instances = await db.instance.findMany({
    where: { containerId: { in: [...containerIds] } },
    select: { containerId: true, appId: true },
  });
  return new Map(instances.flatMap(({ containerId, appId }) => (containerId ? [[containerId, appId] as const] : [])));
}
