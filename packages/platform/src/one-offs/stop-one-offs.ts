import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { type Platform, transaction } from '../platform.js';
import { moveOneOff } from './move-one-off.js';

/**
 * Ends the app's commands of a type, or the one of a name (`run`, 1234): those that wait at once, those that run as soon as
 * their container is gone. Returns how many there were.
 */
export function stopOneOffs(
  platform: Platform,
  { actor, app, processType, number }: { actor: Actor; app: string; processType: string; number?: number | undefined },
): Promise<number> {
  const { userId } = actor;
  return transaction(platform, async (tx, after) => {
    const { id: appId } = await getAppFor(tx, { actor, app, right: 'app.restart' });
    const found = await tx.oneOff.findMany({
      where: {
        ...{ appId, processType, status: { in: ['pending', 'running'] } },
        ...(number === undefined ? {} : { number }),
      },
      select: { id: true },
    });
    for (const { id } of found) {
      const { count } = await tx.oneOff.updateMany({
        where: { id, status: 'running' },
        data: { isStopAsked: true },
      });
      if (count > 0) after.wake.push(`one-off:${id}`);
      else await moveOneOff(tx, after, { oneOffId: id, to: 'cancelled', userId, message: 'It was stopped by a user.' });
    }
    return found.length;
  });
}
