import type { ServerWanted } from '@berth/db/generated/client';
import type { Platform } from '../platform.js';

/** probe → ready → drain → gone. False: there is no such server (any more). */
export async function setServerWanted(
  platform: Platform,
  { instanceId, wanted }: { instanceId: string; wanted: ServerWanted },
): Promise<boolean> {
  const { count } = await platform.db.routerServer.updateMany({
    where: { instanceId, wanted: { not: wanted } },
    data: { wanted },
  });
  if (count > 0) await platform.wake.publish(['routes']);
  return count > 0 || (await platform.db.routerServer.count({ where: { instanceId } })) > 0;
}
