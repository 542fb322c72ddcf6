import type { Platform } from '../platform.js';

/** Whether somebody asked that a one-off ends, or it is gone with its app. */
export async function isStopAsked({ db }: Platform, { oneOffId }: { oneOffId: string }): Promise<boolean> {
  const row = await db.oneOff.findUnique({
    where: { id: oneOffId },
    select: { isStopAsked: true, status: true, app: { select: { destroyedAt: true } } },
  });
  return !row || row.isStopAsked || row.status === 'cancelled' || row.app.destroyedAt !== null;
}
