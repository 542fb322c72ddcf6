import { getAppFor } from '../auth/get-app-for.js';
import { requireRunRole } from '../auth/require-run-role.js';
import type { Platform } from '../platform.js';

/** Throws once whoever asked for a one-off may not run commands in its app any more. */
export async function checkOneOffRight({ db }: Platform, { oneOffId }: { oneOffId: string }): Promise<void> {
  const row = await db.oneOff.findUnique({ where: { id: oneOffId }, select: { userId: true, appId: true } });
  if (!row) return; // gone with its app, which ends it
  const { userId, appId } = row;
  requireRunRole(await getAppFor(db, { actor: { userId }, app: appId, right: 'app.run' }));
}
