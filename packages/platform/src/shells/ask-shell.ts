import { UserError } from '@berth/domain/errors';
import { getAppFor } from '../auth/get-app-for.js';
import { requireRunRole } from '../auth/require-run-role.js';
import { type KeyActor, requireSshKey } from '../auth/require-ssh-key.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { findRunning } from './find-running.js';
import { sealTicket } from './shell-ticket.js';

/**
 * Who may run commands in an app may have a shell beside one of its processes. Answers with a ticket for apps/releaser and the
 * process's name, `web.1` when none is asked for (else the first there is); undefined for an app whose processes were ended in
 * its sleep, which the releaser wakes. `conflict`: nothing of that name runs.
 */
export async function askShell(
  platform: Platform,
  { actor, app: name, process: wanted }: { actor: KeyActor; app: string; process?: string | undefined },
): Promise<{ ticket: string; process: string | undefined }> {
  const app = await getAppFor(platform.db, { actor, app: name, right: 'app.run' });
  requireRunRole(app);
  await requireSshKey(platform, actor);
  const running = await findRunning(platform, { appId: app.id, process: wanted });
  if (!running && !(await isAsleep(platform, app.id)))
    throw new UserError(
      'conflict',
      wanted ? `${app.name} has no process ${wanted} (heroku ps shows them).` : `${app.name} has no process that runs.`,
    );
  const process = running?.process ?? wanted;
  await transaction(platform, async (tx, after) => {
    const { userId } = actor;
    const about = { noun: 'app', nounId: app.id, appId: app.id, userId, data: { process } };
    await addEvent(tx, { name: 'shell.opened', ...about });
    const user = await tx.user.findUnique({ where: { id: userId }, select: { email: true } });
    const text = `Shell opened beside ${process ?? 'its first process'} by user ${user?.email ?? 'unknown'}`;
    after.lines.push({ appId: app.id, process: 'api', text });
  });
  const ticket = sealTicket(platform, { userId: actor.userId, sshKeyId: actor.sshKeyId, appId: app.id, process });
  return { ticket, process };
}

async function isAsleep({ db }: Platform, appId: string): Promise<boolean> {
  return (await db.sleep.count({ where: { appId, state: { not: 'awake' } } })) > 0;
}
