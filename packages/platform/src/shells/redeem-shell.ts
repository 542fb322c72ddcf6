import { notFound, UserError } from '@berth/domain/errors';
import { getAppFor } from '../auth/get-app-for.js';
import { requireRunRole } from '../auth/require-run-role.js';
import { requireSshKey } from '../auth/require-ssh-key.js';
import type { Platform } from '../platform.js';
import { findRunning, type RunningProcess } from './find-running.js';
import { openTicket } from './shell-ticket.js';

export interface AllowedShell {
  appId: string;
  /** Once it is awake. */
  find: () => Promise<RunningProcess>;
  /** Throws once whoever asked may not do so any more, or the SSH key is gone. */
  check: () => Promise<void>;
}

/** What a ticket of {@link askShell} opens. UserError `unauthorized` for any other text. */
export async function redeemShell(platform: Platform, { ticket }: { ticket: string }): Promise<AllowedShell> {
  const opened = openTicket(platform, ticket);
  if (!opened) throw new UserError('unauthorized', 'This is no ticket for a shell, or it is too old.');
  const { appId, process, userId, sshKeyId } = opened;
  const check = async () => {
    requireRunRole(await getAppFor(platform.db, { actor: { userId }, app: appId, right: 'app.run' }));
    await requireSshKey(platform, { userId, sshKeyId });
  };
  const find = async () => {
    const running = await findRunning(platform, { appId, process });
    if (!running) throw notFound('process', process ?? 'any');
    return running;
  };
  await check();
  return { appId, find, check };
}
