import { UserError } from '@berth/domain/errors';
import { getAppToRun } from '../auth/get-app-to-run.js';
import { type CredentialActor, requireCredential } from '../auth/require-credential.js';
import type { Platform } from '../platform.js';
import { findRunning } from './find-running.js';

/**
 * Where a shell of this person would be: who may run commands in an app may have one. The process's name, `web.1` when none is
 * asked for (else the first there is); undefined for an app whose processes were ended in its sleep. `conflict`: nothing of that
 * name runs.
 */
export async function findShellTarget(
  platform: Platform,
  { actor, app: name, process: wanted }: { actor: CredentialActor; app: string; process?: string | undefined },
): Promise<{ appId: string; process: string | undefined }> {
  const app = await getAppToRun(platform.db, { actor, app: name });
  await requireCredential(platform, actor);
  const running = await findRunning(platform, { appId: app.id, process: wanted });
  if (!running && !(await isAsleep(platform, app.id)))
    throw new UserError(
      'conflict',
      wanted ? `${app.name} has no process ${wanted} (heroku ps shows them).` : `${app.name} has no process that runs.`,
    );
  return { appId: app.id, process: running?.process ?? wanted };
}

async function isAsleep({ db }: Platform, appId: string): Promise<boolean> {
  return (await db.sleep.count({ where: { appId, state: { not: 'awake' } } })) > 0;
}
