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
  for (const { key, home } of await listRedisServers(platform, { appId }))
    if (home.environmentId !== environmentId) await engine.forgetWorkers({ key, environmentId, appId });
}
