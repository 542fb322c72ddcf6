import { UserError } from '@berth/domain/errors';
import type { Platform } from '../platform.js';

/** Somebody who signed in with an SSH key. */
export interface KeyActor {
  userId: string;
  sshKeyId: string;
}

/** Somebody who signed in with an API token. */
export interface TokenActor {
  userId: string;
  tokenId: string;
}

/** Who asks for what outlives the request: by SSH, or with an API token (`heroku ps:exec`). */
export type CredentialActor = KeyActor | TokenActor;

/** A connection outlives what opened it: `unauthorized` once the SSH key was removed, or the token was revoked or has run out. */
export async function requireCredential({ db }: Platform, actor: CredentialActor): Promise<void> {
  const { userId } = actor;
  if ('sshKeyId' in actor) {
    const count = await db.sshKey.count({ where: { id: actor.sshKeyId, userId } });
    if (count === 0) throw new UserError('unauthorized', 'The SSH key that you signed in with was removed.');
    return;
  }
  const lives = { OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] };
  const count = await db.apiToken.count({ where: { id: actor.tokenId, userId, ...lives } });
  if (count === 0)
    throw new UserError('unauthorized', 'The API token that you signed in with was revoked, or has run out.');
}
