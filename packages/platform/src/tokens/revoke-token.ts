import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';

/** Takes one of the actor's own tokens away, at once. */
export async function revokeToken(platform: Platform, { actor, id }: { actor: Actor; id: string }): Promise<void> {
  const { count } = await platform.db.apiToken.deleteMany({ where: { id, userId: actor.userId } });
  if (count === 0) throw notFound('token', id);
}
