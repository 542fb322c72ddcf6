import type { Hop } from '@berth/domain/doctor-report';
import type { Redis } from 'ioredis';

/** Hops kept per probe, and how long, s. */
const hopsMax = 1_000;
const keptFor = 300;
const keyOf = (instance: string, trace: string) => `berth:${instance}:probe:${trace}`;
/** A list in Redis cannot be empty. */
const begun = 'begun';

/** From now on the hops of this probe are kept; those of others, which an app may have made up, are not. */
export async function openProbe(redis: Redis, instance: string, trace: string): Promise<void> {
  const key = keyOf(instance, trace);
  await redis.multi().rpush(key, begun).expire(key, keptFor).exec();
}

/** Keeps hops of a probe that was opened. */
export async function appendHops(redis: Redis, instance: string, trace: string, hops: readonly Hop[]): Promise<void> {
  if (hops.length === 0) return;
  const key = keyOf(instance, trace);
  await redis
    .pipeline()
    .rpushx(key, ...hops.map((hop) => JSON.stringify(hop)))
    .ltrim(key, 0, hopsMax)
    .exec();
}

/** The hops so far, in the order in which they ended: innermost first. */
export async function readHops(redis: Redis, instance: string, trace: string): Promise<Hop[]> {
  const [, ...hops] = await redis.lrange(keyOf(instance, trace), 0, -1);
  return hops.map((hop) => JSON.parse(hop) as Hop);
}
