import { hashPassword, verifyPassword } from 'better-auth/crypto';
import type { Platform } from '../platform.js';
import { type FoundActor, toActor } from './found-actor.js';

/** Who signs in with this password (Heroku's CLI may log in so); undefined for a wrong one and for an unknown user. */
export async function findActorByPassword(
  platform: Platform,
  { email, password }: { email: string; password: string },
): Promise<FoundActor | undefined> {
  const user = await platform.db.user.findUnique({
    where: { email: email.trim().toLowerCase() },
    include: { accounts: { where: { providerId: 'credential' } } },
  });
  const hash = user?.accounts[0]?.password;
  if (!user || !hash) {
    await hashPassword(password); // the same time for a user who does not exist
    return undefined;
  }
  return (await verifyPassword({ hash, password })) ? toActor(user) : undefined;
}
