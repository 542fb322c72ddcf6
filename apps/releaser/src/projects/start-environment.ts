import { NotYetError } from '@berth/jobs/not-yet';
import type { JobContext } from '@berth/jobs/work';
import { settleServices } from '@berth/platform/projects/settle-services';
import type { Releaser } from '../releaser.js';

/** How long one run follows builds and releases before others of its kind get their turn, ms. */
const followMs = 10_000;

/**
 * Follows the services of a project environment until each is ready or has failed. All the work is done by builds and
 * releases, side by side; this writes down how far they are, and releases an image that another app's build has made.
 */
export async function startEnvironment(
  { platform }: Releaser,
  { environmentId }: { environmentId: string },
  { lease, signal }: JobContext,
): Promise<void> {
  const end = Date.now() + followMs;
  while (!signal.aborted) {
    const open = await settleServices(platform, { environmentId, lease });
    if (!open || open.length === 0) return;
    if (Date.now() > end) throw new NotYetError('its services are under way');
    const topics = open.map((appId) => `app:${appId}` as const);
    await platform.wake.wait([...topics, `environment:${environmentId}`], 500, signal);
  }
  signal.throwIfAborted();
}
