import { notFound, UserError } from '@berth/domain/errors';
import { getAppToRun } from '../auth/get-app-to-run.js';
import { requireCredential } from '../auth/require-credential.js';
import type { Platform } from '../platform.js';
import { findRunning, type RunningProcess } from './find-running.js';
import { openTicket } from './shell-ticket.js';

/** For whom a shell counts. */
export interface ShellOwner {
  teamId: string;
  userId: string;
}

export interface AllowedShell extends ShellOwner {
  appId: string;
  /** Once it is awake. */
  find: () => Promise<RunningProcess>;
  /** Throws once whoever asked may not do so any more, or the SSH key or the token is gone. */
  check: () => Promise<unknown>;
}

/** What a ticket of {@link askShell} opens. UserError `unauthorized` for any other text. */
export async function redeemShell(platform: Platform, { ticket }: { ticket: string }): Promise<AllowedShell> {
  const opened = openTicket(platform, ticket);
  if (!opened) throw new UserError('unauthorized', 'This is no ticket for a shell, or it is too old.');
  const { appId, process, actor } = opened;
  const check = async () => {
    const app = await getAppToRun(platform.db, { actor, app: appId });
    await requireCredential(platform, actor);
    return app;
  };
  const find = async () => {
    const running = await findRunning(platform, { appId, process });
    if (!running) throw notFound('process', process ?? 'any');
    return running;
  };
  const { teamId } = await check();
  return { appId, teamId, userId: actor.userId, find, check };
}
