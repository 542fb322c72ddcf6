import type { CredentialActor } from '../auth/require-credential.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { findShellTarget } from './find-shell-target.js';
import { sealTicket } from './shell-ticket.js';

/**
 * A shell beside a process of an app, which {@link findShellTarget} allows and finds. Answers with a ticket for apps/releaser,
 * which wakes an app that sleeps, and the process's name.
 */
export async function askShell(
  platform: Platform,
  {
    actor,
    app,
    process: wanted,
    opened = 'Shell opened',
  }: {
    actor: CredentialActor;
    app: string;
    process?: string | undefined;
    /** What the app's log says of it: of a file that is copied, a port that is forwarded. */
    opened?: string;
  },
): Promise<{ ticket: string; process: string | undefined }> {
  const { appId, process } = await findShellTarget(platform, { actor, app, process: wanted });
  await transaction(platform, async (tx, after) => {
    const { userId } = actor;
    const about = { noun: 'app', nounId: appId, appId, userId, data: { process, opened } };
    await addEvent(tx, { name: 'shell.opened', ...about });
    const user = await tx.user.findUnique({ where: { id: userId }, select: { email: true } });
    const text = `${opened} beside ${process ?? 'its first process'} by user ${user?.email ?? 'unknown'}`;
    after.lines.push({ appId, process: 'api', text });
  });
  return { ticket: sealTicket(platform, { actor, appId, process }), process };
}
