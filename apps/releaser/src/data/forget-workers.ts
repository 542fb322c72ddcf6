import { listRedisServers } from '@berth/platform/add-ons/read-redis-servers';
import type { Releaser } from '../releaser.js';

/**
 * After the last process of a destroyed app has ended: what it said of the queues that its project works itself, on Redis servers
 * of other environments. A server of its own environment goes with it. Throws TransientError while one does not run.
 */
export async function forgetWorkers(
  { platform, engine }: Pick<Releaser, 'platform' | 'engine'>,
  { appId, environmentId }: { appId: string; environmentId: string },
): Promise<void> {
  const [own, all] = await Promise.all([listRedisServers(platform, { appId }), listRedisServers(platform)]);
  // Also those that only others of its environment have now: it may have had one before.
  const keys = [...own, ...all.filter((one) => one.environmentIds.includes(environmentId))]
    .filter(({ home }) => home.environmentId !== environmentId)
    .map(({ key }) => key);
  for (const key of new Set(keys)) await engine.forgetWorkers({ key, environmentId, appId });
}
