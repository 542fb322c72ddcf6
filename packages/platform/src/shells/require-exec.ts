import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { sshCommand } from '../addresses.js';
import { getAppToRun } from '../auth/get-app-to-run.js';
import type { Platform } from '../platform.js';

/** Whether this person may open shells in an app by `heroku ps:exec`; UserError with what to do instead, or why not. */
export async function requireExec(
  { db, addresses }: Platform,
  { actor, app: name }: { actor: Actor; app: string },
): Promise<void> {
  const app = await getAppToRun(db, { actor, app: name });
  if (!addresses.execAddress)
    throw new UserError(
      'unsupported',
      `heroku ps:exec is off here, since no address with a free port 80 was given to it (BERTH_EXEC_ADDRESS): use ${sshCommand(addresses, app.name)}.`,
    );
}
