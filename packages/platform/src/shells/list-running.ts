import { getAppToRun } from '../auth/get-app-to-run.js';
import type { CredentialActor } from '../auth/require-credential.js';
import type { Platform } from '../platform.js';

/** Names of an app's instances that have a container, `web.1`, for who may have a shell beside them. */
export async function listRunning(
  { db }: Platform,
  { actor, app: name }: { actor: CredentialActor; app: string },
): Promise<string[]> {
  const app = await getAppToRun(db, { actor, app: name });
  const found = await db.instance.findMany({
    where: { appId: app.id, state: { not: 'down' }, containerId: { not: null } },
    orderBy: [{ processType: 'asc' }, { index: 'asc' }],
    select: { processType: true, index: true },
  });
  return [...new Set(found.map(({ processType, index }) => `${processType}.${index}`))];
}
