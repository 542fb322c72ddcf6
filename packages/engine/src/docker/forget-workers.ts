import type { QueueWorkers } from '../add-on-specs.js';
import type { DockerHost } from './docker-host.js';
import { askRedis, dropKeys } from './redis-admin.js';
import { findRunning } from './redis-networks.js';

/** Where apps' processes say which queues their project works itself: packages/propagation, shared-redis.cjs. */
const registry = 'berth:workers';

/** 1 when an app of the environment is left there. */
const forget = `
local left, all = 0, redis.call('HGETALL', KEYS[1])
for at = 1, #all, 2 do
  local environment, app = string.match(all[at + 1], '^([^/]*)/(.*)$')
  if environment == ARGV[1] and (ARGV[2] == '' or app == ARGV[2]) then redis.call('HDEL', KEYS[1], all[at])
  elseif environment == ARGV[1] then left = 1 end
end
return left`;

/**
 * An app of a project environment, or with none all of it, works no queue of this server any more: jobs of the project are its
 * base's from now on. With the last of its apps that did, what the project's own queues hold is deleted.
 */
export async function forgetWorkers(host: DockerHost, { key, environmentId, appId = '' }: QueueWorkers): Promise<void> {
  const container = await findRunning(host, key);
  const left = await askRedis(container, ['EVAL', forget, '1', registry, environmentId, appId]);
  if (left.trim() === '0') await dropKeys(container, `*~${environmentId}:*`);
}
