import type { Platform } from '../platform.js';
import { hashSecret } from '../secrets/random-secret.js';
import { type FoundActor, toActor } from './found-actor.js';

/** A token's last use is noted at most this often, ms: the CLI asks many times a second. */
const usedEveryMs = 60_000;

/** Whose API token this is; undefined for an unknown or expired one. */
export async function findActorByToken(
  platform: Platform,
  { token }: { token: string },
): Promise<(FoundActor & { tokenId: string }) | undefined> {
  const now = new Date();
  const found = await platform.db.apiToken.findUnique({
    where: { tokenHash: hashSecret(token) },
    include: { user: true },
  });
  if (!found || (found.expiresAt && found.expiresAt < now)) return undefined;
  if (!found.lastUsedAt || now.getTime() - found.lastUsedAt.getTime() > usedEveryMs)
    await platform.db.apiToken.updateMany({ where: { id: found.id }, data: { lastUsedAt: now } });
  return { ...toActor(found.user), tokenId: found.id };
}
