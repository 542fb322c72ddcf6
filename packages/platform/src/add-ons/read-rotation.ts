import { type AddOnPlan, parsePlan } from '@berth/domain/add-on-plans';
import type { Platform } from '../platform.js';
import { isInUse } from './is-in-use.js';
import { type RedisServerWithUsers, readRedisServer } from './read-redis-servers.js';

/** What a rotation has left to do; `password` is a secret. */
export interface Rotation {
  database: string;
  plan: AddOnPlan;
  /** Of a Redis add-on: with the users of all its credentials. */
  redis: RedisServerWithUsers | undefined;
  /** To be made. */
  pending: { user: string; password: string } | undefined;
  /** To be dropped, when `isInUse` is false. */
  retiring: { user: string; isInUse: boolean } | undefined;
}

/** Undefined: the add-on is gone, or being destroyed. */
export async function readRotation(
  platform: Platform,
  { addOnId }: { addOnId: string },
): Promise<Rotation | undefined> {
  const addOn = await platform.db.addOn.findFirst({
    where: { id: addOnId, status: 'provisioned' },
    include: { credentials: true },
  });
  if (!addOn) return undefined;
  const pending = addOn.credentials.find(({ status }) => status === 'pending');
  const retiring = addOn.credentials.find(({ status }) => status === 'retiring');
  return {
    database: addOn.database,
    plan: parsePlan(`${addOn.service}:${addOn.plan}`).plan,
    redis: await readRedisServer(platform, { addOnId }),
    pending: pending && { user: pending.user, password: platform.secrets.open(pending.password) },
    retiring: retiring && {
      user: retiring.user,
      isInUse: await isInUse(platform, { teamId: addOn.teamId }, retiring.user),
    },
  };
}
