import { notFound, UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { redisKey } from '../addresses.js';
import type { Platform } from '../platform.js';
import { getReachable } from './get-reachable.js';

/**
 * Where the Redis server of an add-on is that apps of this environment have attached, their own or one that they share; for who may see
 * their config vars, which have its password.
 * @param host `redis-….internal`, as it is in config vars
 */
export async function findRedisAddress(
  { db }: Platform,
  { actor, environmentId, host }: { actor: Actor; environmentId: string; host: string },
): Promise<string> {
  await getReachable(db, { actor, environment: environmentId, right: 'app.view-config' });
  const addOn = await db.addOn.findFirst({
    where: {
      ...{ service: 'heroku-redis', status: 'provisioned', database: redisKey(host) ?? '' },
      attachments: { some: { app: { environmentId, destroyedAt: null } } },
    },
    select: { name: true, serverAddress: true },
  });
  if (!addOn) throw notFound('Redis server', host);
  if (addOn.serverAddress === null)
    throw new UserError('conflict', `The server of ${addOn.name} does not run at the moment: try again.`);
  return addOn.serverAddress;
}
