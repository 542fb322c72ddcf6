import { getAppToRun } from '../auth/get-app-to-run.js';
import { requireCredential } from '../auth/require-credential.js';
import type { Platform } from '../platform.js';

/** Throws once whoever asked for a one-off may not run commands in its app any more, or the API token that asked for it is gone. */
export async function checkOneOffRight(platform: Platform, { oneOffId }: { oneOffId: string }): Promise<void> {
  const row = await platform.db.oneOff.findUnique({
    where: { id: oneOffId },
    select: { userId: true, tokenId: true, appId: true },
  });
  if (!row) return; // gone with its app, which ends it
  const { userId, tokenId, appId } = row;
  await getAppToRun(platform.db, { actor: { userId }, app: appId });
  if (tokenId !== null) await requireCredential(platform, { userId, tokenId });
}
