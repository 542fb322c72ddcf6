import { UserError } from '@berth/domain/errors';
import type { Platform } from '../platform.js';

/** Somebody who signed in with an SSH key. */
export interface KeyActor {
  userId: string;
  sshKeyId: string;
}

/** A connection outlives the key that opened it: `unauthorized` once that one was removed. */
export async function requireSshKey({ db }: Platform, { userId, sshKeyId }: KeyActor): Promise<void> {
  const count = await db.sshKey.count({ where: { id: sshKeyId, userId } });
  if (count === 0) throw new UserError('unauthorized', 'The SSH key that you signed in with was removed.');
}
