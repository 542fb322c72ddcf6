import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { parseSshKey } from './parse-ssh-key.js';

export interface SshKeyView {
  id: string;
  fingerprint: string;
  publicKey: string;
  comment: string;
  createdAt: Date;
}

export const sshKeyView = { id: true, fingerprint: true, publicKey: true, comment: true, createdAt: true } as const;

/** Registers a public key for `git push` over SSH. One's own key again is fine; another user's is a conflict. */
export async function addSshKey(
  platform: Platform,
  { actor, publicKey }: { actor: Actor; publicKey: string },
): Promise<SshKeyView> {
  const key = parseSshKey(publicKey);
  await platform.db.sshKey.createMany({ data: [{ userId: actor.userId, ...key }], skipDuplicates: true });
  const kept = await platform.db.sshKey.findFirst({
    where: { fingerprint: key.fingerprint, userId: actor.userId },
    select: sshKeyView,
  });
  if (!kept) throw new UserError('conflict', 'That key belongs to another user.');
  return kept;
}
