import { isRedisGone, listRedisServers, type RedisServer } from '@berth/platform/add-ons/read-redis-servers';
import type { RedisWork } from '@berth/platform/add-ons/start-provision';
import { setEnvironmentSubnet } from '@berth/platform/environments/set-environment-subnet';
import type { Releaser } from '../releaser.js';

type Host = Pick<Releaser, 'platform' | 'engine'>;

const MiB = 1024 * 1024;

/** One server for one add-on. A copy has no users before it has its data; every step can be run again after a kill. */
export async function makeRedis(releaser: Host, { server, copyOf }: RedisWork): Promise<void> {
  await ensureRedis(releaser, server);
  if (copyOf) {
    await ensureRedis(releaser, copyOf);
    await releaser.engine.copyRedis({ from: copyOf.key, to: server.key });
  }
  await releaser.engine.setRedisUsers(server.key, server.users);
}

/** Its server runs, in the networks of all who may reach it. Who may sign in is for provisioning and rotation to say. */
export async function ensureRedis({ platform, engine }: Host, server: RedisServer): Promise<void> {
  const { environmentId, kind } = server.home;
  const { subnet } = await engine.ensureNetwork({ environmentId, kind });
  await setEnvironmentSubnet(platform, { environmentId, subnet });
  const { key, hostName, environmentIds, plan } = server;
  const { connectionsMax, isPersistent } = plan;
  const limits = { dataBytes: plan.dataMiB * MiB, memoryBytes: plan.memoryMiB * MiB, connectionsMax, isPersistent };
  await engine.ensureRedis({ key, hostName, environmentIds, ...limits });
  // It may have been destroyed since its rows were read, and removed before it was made here: then nobody else would remove it.
  if (await isRedisGone(platform, { key })) await engine.removeRedis(key);
}

/** Before an app's processes start: the servers that it has are in its environment's network. */
export async function ensureRedisOf(releaser: Host, { appId }: { appId: string }): Promise<void> {
  for (const server of await listRedisServers(releaser.platform, { appId })) await ensureRedis(releaser, server);
}
