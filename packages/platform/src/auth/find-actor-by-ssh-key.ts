import type { Platform } from '../platform.js';
import { type FoundActor, toActor } from './found-actor.js';
import type { KeyActor } from './require-credential.js';

/** Whose SSH key this is. @param fingerprint `SHA256:…` as ssh-keygen prints it */
export async function findActorBySshKey(
  platform: Platform,
  { fingerprint }: { fingerprint: string },
): Promise<(FoundActor & KeyActor) | undefined> {
  const key = await platform.db.sshKey.findUnique({ where: { fingerprint }, include: { user: true } });
  return key ? { ...toActor(key.user), sshKeyId: key.id } : undefined;
}
