import type { Tx } from '@berth/db/client';
import type { App } from '@berth/db/generated/client';
import type { AfterCommit, Platform } from '../platform.js';
import { createRelease } from './create-release.js';
import { findNewest } from './is-superseded.js';

/**
 * The release of a config or add-on change, with `vars` as resolved after it; the caller holds the app's lock. During a
 * deploy it takes the deploy's image, and its push follows this release (DESIGN section 6).
 */
export async function createConfigRelease(
  platform: Platform,
  tx: Tx,
  after: AfterCommit,
  input: { app: App; userId: string; description: string; vars: Record<string, string> },
) {
  const { app, userId, vars } = input;
  const base = await findNewest(tx, app.id);
  const isInFlight = base !== null && base.status !== 'succeeded';
  const description = input.description.length > 200 ? `${input.description.slice(0, 197)}...` : input.description;
  return createRelease(tx, after, {
    ...{ appId: app.id, userId, reason: 'config', description },
    imageId: base?.imageId ?? null,
    config: platform.secrets.seal(JSON.stringify(vars)),
    accepted: isInFlight ? base.accepted : app.lastAccepted,
    pushId: isInFlight ? base.pushId : null,
  });
}
