import { createHmac, timingSafeEqual } from 'node:crypto';
import { UserError } from '@berth/domain/errors';
import type { Platform } from '../platform.js';

/** By what a git hosting shows that it has the hook's secret: the body's HMAC-SHA-256 in hex, or the secret itself. */
export type Proof = { kind: 'hmac'; hex: string } | { kind: 'secret'; secret: string };

/** A delivery of a git hosting: the bytes as they came. */
export interface Delivery {
  team: string;
  body: Buffer;
  proof: Proof | undefined;
}

/**
 * The hook whose secret a delivery shows. UserError `unauthorized`, in the same words, when the team has none, is unknown, or
 * somebody else signed it (https://docs.github.com/webhooks, "Validating webhook deliveries").
 */
export async function findSignedHook({ db, secrets }: Platform, { team, body, proof }: Delivery) {
  const hook = await db.pullRequestHook.findFirst({
    where: { team: { name: team } },
    include: { base: { select: { name: true } } },
  });
  if (!hook || !proof || !holds(proof, secrets.open(hook.secret), body))
    throw new UserError('unauthorized', 'This delivery is not signed with the secret of a team.');
  return hook;
}

function holds(proof: Proof, secret: string, body: Buffer): boolean {
  const [given, wanted] =
    proof.kind === 'secret'
      ? [proof.secret, secret]
      : [proof.hex, createHmac('sha256', secret).update(body).digest('hex')];
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
