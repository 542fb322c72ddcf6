import type { Platform } from '../platform.js';

/** The engine has made the environment's network (CIDR): the router tells a caller's environment by it. */
export async function setEnvironmentSubnet(
  platform: Platform,
  { environmentId, subnet }: { environmentId: string; subnet: string },
): Promise<void> {
  const { count } = await platform.db.environment.updateMany({
    where: { id: environmentId, OR: [{ subnet: null }, { subnet: { not: subnet } }] },
    data: { subnet },
  });
  if (count > 0) await platform.wake.publish(['routes']);
}
