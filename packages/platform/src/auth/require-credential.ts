import { UserError } from '@berth/domain/errors';
import type { Platform } from '../platform.js';
import { type KeyActor, requireSshKey } from './require-ssh-key.js';

/** Somebody who signed in with an API token. */
export interface TokenActor {
  userId: string;
  tokenId: string;
}

/** Who asks for what outlives the request: by SSH, or with an API token (`heroku ps:exec`). */
export type CredentialActor = KeyActor | TokenActor;

/** `unauthorized` once the SSH key was removed, or the token was revoked or has run out. */
export async function requireCredential(platform: Platform, actor: CredentialActor): Promise<void> {
  if ('sshKeyId' in actor) return requireSshKey(platform, actor);
  const { userId, tokenId: id } = actor;
  const lives = { OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] };
  const count = await platform.db.apiToken.count({ where: { id, userId, ...lives } });
  if (count === 0)
    throw new UserError('unauthorized', 'The API token that you signed in with was revoked, or has run out.');
}
