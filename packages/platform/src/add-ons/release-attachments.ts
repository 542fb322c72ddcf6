import type { Tx } from '@berth/db/client';
import type { App } from '@berth/db/generated/client';
import { readConfigVars } from '../config-layers/read-config.js';
import { askSpread } from '../config-vars/ask-spread.js';
import { reachesOthers } from '../config-vars/reaches-others.js';
import type { AfterCommit, Platform } from '../platform.js';
import { createConfigRelease } from '../releases/create-config-release.js';

/** The release of an app whose attachments changed; the caller holds its lock. Who refers to it follows by a job. */
export async function releaseAttachments(
  platform: Platform,
  tx: Tx,
  after: AfterCommit,
  { app, userId, description }: { app: App; userId: string; description: string },
): Promise<void> {
  const vars = await readConfigVars(platform, tx, app.id);
  await createConfigRelease(platform, tx, after, { app, userId, description, vars });
  const { teamId, environmentId } = app;
  if (await reachesOthers(tx, app)) await askSpread(tx, after, { teamId, environmentId, userId, description });
}
