import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';

/** Takes one of the actor's own keys away. @param key its id, comment (as `heroku keys:remove` has it) or fingerprint */
export async function removeSshKey(platform: Platform, { actor, key }: { actor: Actor; key: string }): Promise<void> {
  const { count } = await platform.db.sshKey.deleteMany({
    where: { userId: actor.userId, OR: [{ id: key }, { comment: key }, { fingerprint: key }] },
  });
  if (count === 0) throw notFound('key', key);
}
