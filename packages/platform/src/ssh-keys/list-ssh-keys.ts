import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { type SshKeyView, sshKeyView } from './add-ssh-key.js';

export type { SshKeyView };

/** The actor's own keys, in the order in which they were added. */
export function listSshKeys(platform: Platform, { actor }: { actor: Actor }): Promise<SshKeyView[]> {
  return platform.db.sshKey.findMany({
    where: { userId: actor.userId },
    orderBy: { createdAt: 'asc' },
    select: sshKeyView,
  });
}
