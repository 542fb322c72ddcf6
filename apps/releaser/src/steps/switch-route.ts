import { TransientError } from '@berth/domain/errors';
import type { Lease } from '@berth/jobs/lease';
import { moveInstance } from '@berth/platform/instances/move-instance';
import { setServerWanted } from '@berth/platform/routes/set-server-wanted';
import { switchRoute } from '@berth/platform/routes/switch-route';
import { waitRouteApplied } from '@berth/platform/routes/wait-route-applied';
import type { Releaser } from '../releaser.js';
import type { Started } from './start-instances.js';

/** The router answers in milliseconds; when it is away this long, the job comes again, ms. */
const appliedWithinMs = 30_000;

/** Lets requests into the new instances and moves the app's hosts to them: one map entry, atomic for all instances. */
export async function switchToRollout(
  { platform }: Releaser,
  options: { appId: string; rolloutId: string; started: Started[]; lease: Lease; signal: AbortSignal },
): Promise<void> {
  const { appId, rolloutId, started, lease, signal } = options;
  const routed = started.filter(({ isRouted }) => isRouted);
  await Promise.all(routed.map(({ instanceId }) => setServerWanted(platform, { instanceId, wanted: 'ready' })));
  const { version } = await switchRoute(platform, { appId, rolloutId, lease });
  const isUp = Promise.all(started.map(({ instanceId }) => moveInstance(platform, { instanceId, to: 'up' })));
  const timeout = AbortSignal.timeout(appliedWithinMs);
  try {
    await waitRouteApplied(platform, { appId, version, signal: AbortSignal.any([signal, timeout]) });
  } catch (error) {
    if (timeout.aborted && !signal.aborted) throw new TransientError('the router did not apply the switch in time');
    throw error;
  } finally {
    await isUp;
  }
  signal.throwIfAborted();
  if (timeout.aborted) throw new TransientError('the router did not apply the switch in time');
}
