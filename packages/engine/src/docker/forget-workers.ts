import type { QueueWorkers } from '../add-on-specs.js';
import type { DockerHost } from './docker-host.js';
import { askRedis, dropKeys } from './redis-admin.js';
import { findRunning } from './redis-networks.js';

/** Where apps' processes say which queues their project works itself: packages/propagation, shared-redis.cjs. */
const registry = 'berth:workers';
const apps = `${registry}:apps`;

/** A queue goes with the last app that works it. 1 when an app of the environment is left. */
const forget = `
local left, kept, all = 0, {}, redis.call('HGETALL', KEYS[2])
for at = 1, #all, 2 do
  local queue, app = string.match(all[at], '^(.*)#([^#]*)$')
  if all[at + 1] == ARGV[1] then
    if ARGV[2] == '' or app == ARGV[2] then redis.call('HDEL', KEYS[2], all[at])
    else left = 1; kept[queue] = true end
  end
end
all = redis.call('HGETALL', KEYS[1])
for at = 1, #all, 2 do
  if all[at + 1] == ARGV[1] and not kept[all[at]] then redis.call('HDEL', KEYS[1], all[at]) end
end
return left`;

/**
 * An app of a project environment, or with none all of it, works no queue of this server any more: jobs of the project are its
 * base's from now on. With the last of its apps that did, what the project's own queues hold is deleted.
 */
export async function forgetWorkers(host: DockerHost, { key, environmentId, appId = '' }: QueueWorkers): Promise<void> {
  const container = await findRunning(host, key);
  const left = await askRedis(container, ['EVAL', forget, '2', registry, apps, environmentId, appId]);
  if (left.trim() === '0') await dropKeys(container, `*~${environmentId}:*`);
}
