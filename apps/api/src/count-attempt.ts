import { createHash } from 'node:crypto';
import { UserError } from '@berth/domain/errors';
import type { Platform } from '@berth/platform/platform';

const attemptsMax = 10;
const windowSeconds = 300;

/** Counts a guess at a password; too many within five minutes are refused, right or wrong. */
export async function countAttempt({ redis, instance }: Platform, who: string): Promise<void> {
  const key = `berth:${instance}:attempts:${createHash('sha256').update(who).digest('base64url')}`;
  const [count] = (await redis.multi().incr(key).expire(key, windowSeconds, 'NX').exec()) ?? [];
  if (Number(count?.[1]) > attemptsMax)
    throw new UserError('rate_limited', 'Too many attempts to sign in. Try again in five minutes.');
}
