import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { hashSecret, randomSecret } from '../secrets/random-secret.js';

/** A personal API token. The answer is the only place where it can be read: only its hash is kept. */
export async function createToken(
  platform: Platform,
  { actor, description, expiresAt }: { actor: Actor; description: string; expiresAt?: Date },
): Promise<{ id: string; token: string }> {
  const token = randomSecret('berth_');
  const { id } = await platform.db.apiToken.create({
    data: {
      userId: actor.userId,
      description: description.trim().slice(0, 200) || 'token',
      tokenHash: hashSecret(token),
      ...(expiresAt ? { expiresAt } : {}),
    },
  });
  return { id, token };
}
