import { createHmac, timingSafeEqual } from 'node:crypto';
import { UserError } from '@berth/domain/errors';
import type { Platform } from '../platform.js';

/** A delivery of a git hosting: the bytes as they came. */
export interface Delivery {
  team: string;
  body: Buffer;
  /** `sha256=<hex>`, as in GitHub's X-Hub-Signature-256. */
  signature: string | undefined;
}

/**
 * The hook that signed a delivery. UserError `unauthorized`, in the same words, when the team has none, is unknown, or
 * somebody else signed it (https://docs.github.com/webhooks, "Validating webhook deliveries").
 */
export async function findSignedHook({ db, secrets }: Platform, { team, body, signature }: Delivery) {
  const hook = await db.pullRequestHook.findFirst({
    where: { team: { name: team } },
    include: { base: { select: { name: true } } },
  });
  const wanted = hook && `sha256=${createHmac('sha256', secrets.open(hook.secret)).update(body).digest('hex')}`;
  const [given, expected] = [Buffer.from(signature ?? ''), Buffer.from(wanted ?? '')];
  if (!hook || given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new UserError('unauthorized', 'This delivery is not signed with the secret of a team.');
  return hook;
}
