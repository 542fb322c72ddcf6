import type { Platform } from '../platform.js';

/** Where the server of a Redis add-on was seen running; undefined: nowhere. For people who are connected to an environment. */
export async function setRedisAddress(
  { db }: Platform,
  { key, address }: { key: string; address: string | undefined },
): Promise<void> {
  await db.addOn.updateMany({ where: { database: key }, data: { serverAddress: address ?? null } });
}
