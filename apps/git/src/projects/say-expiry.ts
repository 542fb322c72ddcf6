import type { Platform } from '@berth/platform/platform';
import { listExpiring } from '@berth/platform/projects/list-expiring';
import type { Pusher } from '../push/answer-push.js';

/** A line for each environment of the apps that were deployed which goes soon. */
export async function sayExpiry(platform: Platform, appIds: readonly string[], pusher: Pusher): Promise<void> {
  for (const { environment, expiresAt } of await listExpiring(platform, { appIds }))
    await pusher.say(
      ` !     Environment ${environment} is destroyed at ${expiresAt.toISOString()}: berth environments:extend ${environment}\n`,
    );
}
