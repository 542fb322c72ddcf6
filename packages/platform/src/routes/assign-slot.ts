import { isUniqueViolation } from '@berth/db/unique-violation';
import type { Platform } from '../platform.js';

/** The controller lends a slot of the stock. False: the slot is lent to another rollout, or this one has one already. */
export async function assignSlot(
  platform: Platform,
  { rolloutId, slot }: { rolloutId: string; slot: string },
): Promise<boolean> {
  try {
    const { count } = await platform.db.routerBackend.updateMany({ where: { rolloutId, slot: null }, data: { slot } });
    if (count === 1) await platform.wake.publish([`rollout:${rolloutId}`]);
    return count === 1;
  } catch (error) {
    if (isUniqueViolation(error)) return false;
    throw error;
  }
}
