import { randomUUID } from 'node:crypto';
import { TransientError } from '@berth/domain/errors';
import { acquireLease, type Lease, releaseLease } from '@berth/jobs/lease';
import type { Platform } from '../platform.js';

/** Longer than taking up one image takes: its layers are mounted, none travels. */
const ttlMs = 60_000;
/** The registry gives a notification up sooner or later, and tells it again. */
const waitMs = 5_000;

/**
 * Runs `body` while nobody else takes up an upload of this app: what looks at a tag and then releases what it points to would else
 * release an older image over a newer one. TransientError: another one takes its time.
 * @param body what writes is to check the lease in its transaction
 */
export async function withUploadsInOrder(
  { db, wake }: Platform,
  { appId }: { appId: string },
  body: (lease: Lease) => Promise<void>,
): Promise<void> {
  const key = `upload:${appId}`;
  const holder = `upload:${randomUUID()}`;
  const take = () => acquireLease(db, key, holder, ttlMs);
  const lease = await wake.until([`app:${appId}`], take, AbortSignal.timeout(waitMs));
  if (!lease) throw new TransientError('Another image of this app is being taken up.');
  try {
    await body(lease);
  } finally {
    await releaseLease(db, lease).catch(() => {}); // else it runs out by itself
  }
}
