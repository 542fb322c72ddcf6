import { type PostgresPlan, parsePlan, type RedisPlan, type VolumePlan } from '@berth/domain/add-on-plans';
import type { Platform } from '../platform.js';
import { type RedisServer, type RedisServerWithUsers, readRedisServer } from './read-redis-servers.js';

/** What the releaser needs to make a database; `password` is a secret. */
export interface ProvisionWork {
  addOnId: string;
  database: string;
  user: string;
  password: string;
  plan: PostgresPlan;
  /** The database whose data it gets, and what runs on them before anyone can connect. */
  copyOf: string | null;
  maskScript: string | null;
}

/** What the releaser needs to make a Redis server; it has no secrets. */
export interface RedisWork {
  addOnId: string;
  plan: RedisPlan;
  server: RedisServerWithUsers;
  /** The server whose data it gets. */
  copyOf: RedisServer | null;
}

/** What the releaser needs to make a volume. */
export interface VolumeWork {
  addOnId: string;
  plan: VolumePlan;
  key: string;
  /** The volume that it is a copy of, and whose it is. */
  copyOf: { key: string; appId: string } | null;
}

/** Undefined: it is made already, or nobody wants it any more. */
export async function startProvision(
  platform: Platform,
  { addOnId }: { addOnId: string },
): Promise<ProvisionWork | RedisWork | VolumeWork | undefined> {
  const { db, secrets } = platform;
  const addOn = await db.addOn.findUnique({
    where: { id: addOnId },
    include: {
      credentials: { where: { status: 'active' } },
      copyOf: { select: { id: true, database: true, appId: true } },
    },
  });
  if (addOn?.status !== 'provisioning') return undefined;
  const { plan } = parsePlan(`${addOn.service}:${addOn.plan}`);
  if (plan.kind === 'redis') {
    const server = await readRedisServer(platform, { addOnId });
    const copyOf = addOn.copyOf ? await readRedisServer(platform, { addOnId: addOn.copyOf.id }) : undefined;
    return server && { addOnId, plan, server, copyOf: copyOf ?? null };
  }
  if (plan.kind === 'volume') {
    const { database, appId } = addOn.copyOf ?? {};
    return { addOnId, plan, key: addOn.database, copyOf: database && appId ? { key: database, appId } : null };
  }
  const [credential] = addOn.credentials;
  if (!credential) return undefined;
  return {
    ...{ addOnId, database: addOn.database, user: credential.user, password: secrets.open(credential.password) },
    plan,
    copyOf: addOn.copyOf?.database ?? null,
    maskScript: addOn.maskScript,
  };
}
