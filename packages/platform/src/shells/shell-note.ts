import { randomUUID } from 'node:crypto';
import { redisPrefix } from '@berth/jobs/queue';
import type { Platform } from '../platform.js';

/** How long a shell counts of which nobody hears, ms: what a killed releaser costs. */
const noteMs = 30_000;
const renewEachMs = 10_000;

/** Shells of an app by id, with the time at which they count no more. */
const keyOf = ({ instance }: Platform, appId: string) => `${redisPrefix(instance)}:shells:${appId}`;

/**
 * From now on every process sees that somebody has a shell in the app, until the answer is called. Who opens one notes it first and
 * wakes the app then; who makes it fall asleep says so in its row first and looks for shells then: so one of them sees the other.
 */
export async function noteShell(platform: Platform, { appId }: { appId: string }): Promise<() => void> {
  const { redis } = platform;
  const [key, id] = [keyOf(platform, appId), randomUUID()];
  const renew = () =>
    redis
      .multi()
      .zadd(key, Date.now() + noteMs, id)
      .pexpire(key, noteMs)
      .exec();
  await renew();
  const renewing = setInterval(() => void renew().catch(() => {}), renewEachMs);
  return () => {
    clearInterval(renewing);
    redis.zrem(key, id).catch(() => {}); // it ends by itself
  };
}

/** Whether somebody has a shell in the app, by whatever process. */
export async function hasShell(platform: Platform, { appId }: { appId: string }): Promise<boolean> {
  return (await platform.redis.zcount(keyOf(platform, appId), Date.now(), '+inf')) > 0;
}
