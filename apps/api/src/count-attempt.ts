import { createHash } from 'node:crypto';
import { UserError } from '@berth/domain/errors';
import type { Platform } from '@berth/platform/platform';

const windowSeconds = 300;
/** Guesses within the window: at one person's password, and at anybody's from one address. */
const perPersonMax = 10;
const perAddressMax = 50;

/** Counts a guess at a password; too many within five minutes are refused, right or wrong. */
export async function countAttempt(platform: Platform, { address, user }: { address: string; user: string }) {
  const counts = await Promise.all([count(platform, address), count(platform, `${address} ${user.toLowerCase()}`)]);
  if (counts[0] > perAddressMax || counts[1] > perPersonMax)
    throw new UserError('rate_limited', 'Too many attempts to sign in. Try again in five minutes.');
}

async function count({ redis, instance }: Platform, who: string): Promise<number> {
  const key = `berth:${instance}:attempts:${createHash('sha256').update(who).digest('base64url')}`;
  const [counted] = (await redis.multi().incr(key).expire(key, windowSeconds, 'NX').exec()) ?? [];
  return Number(counted?.[1]);
}
