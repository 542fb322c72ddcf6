import { lookEach } from '@berth/daemon/look-each';
import type { Stoppable } from '@berth/daemon/run';
import type { RedisStatus } from '@berth/engine/add-on-specs';
import { environmentsWithout } from '@berth/platform/add-ons/is-in-use';
import { hasRedisServers, listRedisServers, type RedisServer } from '@berth/platform/add-ons/read-redis-servers';
import { setRedisAddress } from '@berth/platform/add-ons/set-redis-address';
import type { Releaser } from '../releaser.js';
import { ensureRedis } from './redis-server.js';

/**
 * Looks each `everyMs` whether the servers of Redis add-ons run, and starts those that do not; takes them out of networks in
 * which no app has them any more; keeps where they are. Until `stop`.
 */
export function keepRedis(releaser: Releaser, everyMs = 3_000): Stoppable {
  const healing: Healing = new Map();
  const onError = (err: unknown) => releaser.logger.warn({ err }, 'redis servers');
  const looks = lookEach({ everyMs, isFirstNow: true, onError }, () => look(releaser, healing));
  return {
    stop: async () => {
      await looks.stop();
      await Promise.all(healing.values());
    },
  };
}

/** By key: what is done for a server now. */
type Healing = Map<string, Promise<void>>;

/** Begins what is to be done; one that cannot be started, or takes its minute, holds up no other. */
async function look(releaser: Releaser, healing: Healing): Promise<void> {
  if (!(await hasRedisServers(releaser.platform))) return;
  const servers = await listRedisServers(releaser.platform);
  const seen = new Map((await releaser.engine.listRedis()).map((status) => [status.key, status]));
  for (const server of servers) {
    const { key } = server;
    const address = seen.get(key)?.address;
    if (address !== server.address) await setRedisAddress(releaser.platform, { key, address });
    if (healing.has(key)) continue;
    const healed = heal(releaser, server, seen.get(key))
      .catch((error: unknown) => releaser.logger.warn({ err: error, key }, 'redis server'))
      .finally(() => healing.delete(key));
    healing.set(key, healed);
  }
}

async function heal(releaser: Releaser, server: RedisServer, seen: RedisStatus | undefined): Promise<void> {
  if (!seen?.isRunning) return ensureRedis(releaser, server);
  const over = seen.environmentIds.filter((id) => !server.environmentIds.includes(id));
  if (over.length === 0) return;
  const { key, hostName } = server;
  const left = await environmentsWithout(releaser.platform, { hostName, environmentIds: over });
  for (const environmentId of left) await releaser.engine.forgetWorkers({ key, environmentId });
  if (left.length > 0) await releaser.engine.disconnectRedis(key, left);
}
