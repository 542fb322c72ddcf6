import { getAppToRun } from '../auth/get-app-to-run.js';
import type { Platform } from '../platform.js';

/** Throws once whoever asked for a one-off may not run commands in its app any more. */
export async function checkOneOffRight({ db }: Platform, { oneOffId }: { oneOffId: string }): Promise<void> {
  const row = await db.oneOff.findUnique({ where: { id: oneOffId }, select: { userId: true, appId: true } });
  if (!row) return; // gone with its app, which ends it
  const { userId, appId } = row;
  await getAppToRun(db, { actor: { userId }, app: appId });
}
