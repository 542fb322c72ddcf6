import { randomUUID } from 'node:crypto';
import { acquireLease, type Lease, releaseLease } from '@berth/jobs/lease';
import type { Platform } from '../platform.js';

/** Longer than `body` takes: deleting one service's manifests. */
const holdMs = 120_000;

/**
 * Runs `body` while no build of the service runs, so that nothing pushes the very image that is being deleted. False when
 * one runs now; a build that comes meanwhile waits.
 */
export async function withBuildsHeld(
  { db }: Platform,
  { apps }: { apps: readonly { id: string }[] },
  body: () => Promise<void>,
): Promise<boolean> {
  const held: Lease[] = [];
  const holder = `collection:${randomUUID()}`;
  try {
    for (const { id } of apps.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const lease = await acquireLease(db, `build:${id}`, holder, holdMs); // overlapKey of build.run
      if (!lease) return false;
      held.push(lease);
    }
    await body();
    return true;
  } finally {
    for (const lease of held) await releaseLease(db, lease).catch(() => {}); // else it runs out by itself
  }
}
